#include "daemon/http/ServerLimits.h"

#include "daemon/http/ServerParams.h"

namespace changebank::http {

ServerLimits ServerLimits::of(const Poco::Net::HTTPServerParams& params) {
    if (const auto* ours = dynamic_cast<const ServerParams*>(&params)) return ours->limits();
    ServerLimits limits;
    const Duration timeout{params.getTimeout().totalMilliseconds()};
    limits.headerTimeout = timeout;
    limits.bodyTimeout = timeout;
    limits.writeTimeout = timeout;
    limits.idleTimeout = Duration{params.getKeepAliveTimeout().totalMilliseconds()};
    return limits;
}

}  // namespace changebank::http
