#pragma once

#include <cstdint>
#include <mutex>
#include <string>

#include "changebank/base/system/FileDescriptor.h"
#include "changebank/daemon/logging/LineWriter.h"

namespace changebank::daemon {

/// A file of lines that are on the disk when append() returns. Usable from any thread: lines that come at the
/// same time share one flush.
class AuditFile {
public:
    /// Opens the file to append to it, and makes it with mode 0640 if it is not there. Throws
    /// Poco::OpenFileException.
    explicit AuditFile(std::string path);

    AuditFile(const AuditFile&) = delete;
    AuditFile& operator=(const AuditFile&) = delete;

    const std::string& path() const noexcept { return _path; }

    /// Writes the line and flushes it (fdatasync(2)); the text must not have a line's end. Throws
    /// Poco::WriteFileException if either fails.
    void append(const std::string& line);

    /// Opens the path anew, for a program that moved the file away. Throws like the constructor, and then
    /// goes on with the file as it was.
    void reopen();

private:
    std::uint64_t write(const std::string& line);
    void flush(std::uint64_t line);

    const std::string _path;
    std::mutex _writing;
    FileDescriptor _file;
    LineWriter _writer;
    std::uint64_t _written = 0;
    /// Whoever holds this flushes for all who wait for it.
    std::mutex _flushing;
    std::uint64_t _flushed = 0;
};

}  // namespace changebank::daemon
