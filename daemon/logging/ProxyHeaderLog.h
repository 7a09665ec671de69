#pragma once

#include <Poco/Net/SocketAddress.h>

#include "changebank/base/system/Clock.h"
#include "changebank/daemon/logging/PacedLog.h"

namespace changebank::daemon {

/// Warns of trusted proxies whose connections were closed since they do not begin with a header of the PROXY
/// protocol. Usable from any thread.
class ProxyHeaderLog {
public:
    explicit ProxyHeaderLog(Clock& clock = Clock::system()) : _log(clock) {}

    void report(const Poco::Net::SocketAddress& proxy) noexcept;

private:
    PacedLog _log;
};

}  // namespace changebank::daemon
