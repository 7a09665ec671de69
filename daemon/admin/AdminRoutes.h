#pragma once

#include <Poco/Net/HTTPRequestHandlerFactory.h>

namespace changebank::daemon {

struct AdminContext;

/// The routes of the admin socket: GET /status, /denials, /keys, /config, /revocations and /metrics, POST
/// /reload, /keys/refresh, /revocations and /decide, PUT /log-level. Bodies are JSON, except that of
/// /metrics. The context must outlive the factory.
Poco::Net::HTTPRequestHandlerFactory::Ptr adminRoutes(const AdminContext& context);

/// The route of the metrics listener: GET /metrics. The context must outlive the factory.
Poco::Net::HTTPRequestHandlerFactory::Ptr metricsRoutes(const AdminContext& context);

}  // namespace changebank::daemon
