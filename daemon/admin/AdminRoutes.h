#pragma once

#include <Poco/Net/HTTPRequestHandlerFactory.h>

namespace changebank::daemon {

class RunningDaemon;

/// What the admin socket answers: GET /status, /keys, /config and /metrics, POST /reload and /keys/refresh,
/// PUT /log-level. Bodies are JSON, those of /metrics excepted. The daemon must outlive the factory's use.
Poco::Net::HTTPRequestHandlerFactory::Ptr adminRoutes(RunningDaemon& daemon);

/// What the metrics listener answers: GET /metrics.
Poco::Net::HTTPRequestHandlerFactory::Ptr metricsRoutes(const RunningDaemon& daemon);

}  // namespace changebank::daemon
