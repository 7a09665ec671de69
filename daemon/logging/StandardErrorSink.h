#pragma once

#include <unistd.h>

#include "changebank/daemon/logging/LineSink.h"
#include "changebank/daemon/logging/LineWriter.h"

namespace changebank::daemon {

/// Writes lines to standard error.
class StandardErrorSink : public LineSink {
public:
    /// Whether the descriptor is the stream to the journal of systemd, JOURNAL_STREAM (systemd.exec(5)).
    static bool isJournal(int descriptor);

    Written write(std::span<const LogLine> lines) override { return _writer.write(STDERR_FILENO, lines); }

private:
    LineWriter _writer;
};

}  // namespace changebank::daemon
