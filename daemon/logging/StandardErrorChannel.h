#pragma once

#include <Poco/Channel.h>

#include <mutex>

#include "changebank/daemon/logging/LineWriter.h"

namespace changebank::daemon {

/// Writes each message as one line to standard error, unbuffered, and reports failures, unlike POCO's
/// ConsoleChannel. If standard error is connected to the journal of systemd, each line begins with its
/// priority as `<N>` (sd-daemon(3)). Thread-safe.
class StandardErrorChannel : public Poco::Channel {
public:
    /// Whether the descriptor is the stream in JOURNAL_STREAM (systemd.exec(5)).
    static bool isJournal(int descriptor);

    StandardErrorChannel();

    /// Throws Poco::WriteFileException if the line cannot be written completely.
    void log(const Poco::Message& message) override;

private:
    bool _toJournal;
    std::mutex _mutex;
    LineWriter _writer;
};

}  // namespace changebank::daemon
