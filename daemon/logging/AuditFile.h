#pragma once

#include <chrono>
#include <string>

#include "changebank/daemon/logging/LineQueue.h"

namespace changebank::daemon {

/// A file whose lines are flushed to disk when append() returns. Thread-safe: concurrent lines share one
/// flush, and a disk or a pipe that stalls holds up nobody for longer than they want to wait.
class AuditFile {
public:
    /// Opens the file to append to it; creates it with mode 0640, less the umask, if it does not exist.
    /// Throws Poco::OpenFileException.
    explicit AuditFile(std::string path);

    AuditFile(const AuditFile&) = delete;
    AuditFile& operator=(const AuditFile&) = delete;

    const std::string& path() const noexcept { return _path; }

    /// Writes the line to the file that is at the path now, and flushes it (fdatasync(2)); the text must not
    /// contain a newline. Throws Poco::WriteFileException if that fails or takes longer than `patience`; the
    /// line may be in the file nevertheless.
    void append(std::string line, std::chrono::milliseconds patience);

    /// Reopens the path after the file was moved away. Throws like the constructor, and then keeps the old
    /// file.
    void reopen();

private:
    const std::string _path;
    LineQueue _queue;
};

}  // namespace changebank::daemon
