#pragma once

#include <string>

#include "changebank/base/system/FileDescriptor.h"
#include "changebank/daemon/logging/LineSink.h"

namespace changebank::daemon {

/// Sends each line to the system's log, with the facility daemon, in the form of RFC 3164 section 4.1 without
/// a host name, as the C library's syslog(3) does. Unlike that function it reports lines that nobody took.
class SyslogSink : public LineSink {
public:
    explicit SyslogSink(std::string path = "/dev/log");

    Written write(std::span<const LogLine> lines) override;

private:
    int send(const std::string& message);
    int connect();

    const std::string _path;
    FileDescriptor _socket;
    /// A stream, in which a NUL ends each message; otherwise datagrams.
    bool _isStream = false;
};

}  // namespace changebank::daemon
