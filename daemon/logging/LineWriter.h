#pragma once

#include <span>

#include "changebank/daemon/logging/LineSink.h"

namespace changebank::daemon {

/// Writes lines to an open descriptor: as many with one system call as are written as a whole even to a pipe
/// that other processes use (PIPE_BUF). Waits as long as the descriptor's reader does. Not thread-safe.
class LineWriter {
public:
    /// Writes each line and a newline. A partly written line is not counted, and is ended before the next
    /// one.
    LineSink::Written write(int descriptor, std::span<const LogLine> lines);

private:
    bool _torn = false;
};

}  // namespace changebank::daemon
