#pragma once

#include <cstdint>
#include <mutex>
#include <string>

#include "changebank/base/system/FileDescriptor.h"
#include "changebank/daemon/logging/LineWriter.h"

namespace changebank::daemon {

/// A file whose lines are flushed to disk when append() returns. Thread-safe: concurrent lines share one
/// flush.
class AuditFile {
public:
    /// Opens the file to append to it; creates it with mode 0640 if it does not exist. Throws
    /// Poco::OpenFileException.
    explicit AuditFile(std::string path);

    AuditFile(const AuditFile&) = delete;
    AuditFile& operator=(const AuditFile&) = delete;

    const std::string& path() const noexcept { return _path; }

    /// Writes the line and flushes it (fdatasync(2)); the text must not contain a newline. Throws
    /// Poco::WriteFileException if either fails.
    void append(const std::string& line);

    /// Reopens the path after the file was moved away. Throws like the constructor, and then keeps the old
    /// file.
    void reopen();

private:
    std::uint64_t write(const std::string& line);
    void flush(std::uint64_t line);

    const std::string _path;
    std::mutex _writing;
    FileDescriptor _file;
    LineWriter _writer;
    std::uint64_t _written = 0;
    /// The holder flushes on behalf of all waiting threads.
    std::mutex _flushing;
    std::uint64_t _flushed = 0;
};

}  // namespace changebank::daemon
