#pragma once

#include <Poco/Net/HTTPRequestHandlerFactory.h>

namespace changebank::daemon {

struct AdminContext;

/// What the admin socket answers: GET /status, /keys, /config and /metrics, POST /reload and /keys/refresh,
/// PUT /log-level. Bodies are JSON, those of /metrics excepted. The context must outlive the factory's use.
Poco::Net::HTTPRequestHandlerFactory::Ptr adminRoutes(const AdminContext& context);

/// What the metrics listener answers: GET /metrics.
Poco::Net::HTTPRequestHandlerFactory::Ptr metricsRoutes(const AdminContext& context);

}  // namespace changebank::daemon
