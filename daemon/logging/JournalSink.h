#pragma once

#include <string>

#include "changebank/base/system/FileDescriptor.h"
#include "changebank/daemon/logging/LineSink.h"

namespace changebank::daemon {

/// Sends entries to systemd's journal by its native protocol, without its library: each line is the fields of
/// one entry (JournalEntry). What does not fit a datagram goes as a sealed file in memory whose descriptor is
/// passed along. Reports entries that the journal does not take, and sends the next ones to the
/// process that has the socket then, so that a restart of the journal needs nothing.
class JournalSink : public LineSink {
public:
    explicit JournalSink(std::string path = "/run/systemd/journal/socket");

    Written write(std::span<const LogLine> lines) override;

private:
    /// Returns 0 or the errno value.
    int send(const std::string& fields);

    const std::string _path;
    FileDescriptor _socket;
};

}  // namespace changebank::daemon
