#pragma once

#include <Poco/Channel.h>

#include <mutex>

#include "changebank/daemon/logging/LineWriter.h"

namespace changebank::daemon {

/// Writes each message as one line on standard error, at once, and says so when that fails, which POCO's
/// ConsoleChannel does not. Where standard error is the journal of systemd, each line begins with its
/// priority as `<N>` (sd-daemon(3)). Usable from any thread.
class StandardErrorChannel : public Poco::Channel {
public:
    /// Whether the descriptor is the stream that JOURNAL_STREAM names (systemd.exec(5)).
    static bool isJournal(int descriptor);

    StandardErrorChannel();

    /// Throws Poco::WriteFileException if the line cannot be written whole.
    void log(const Poco::Message& message) override;

private:
    bool _toJournal;
    std::mutex _mutex;
    LineWriter _writer;
};

}  // namespace changebank::daemon
