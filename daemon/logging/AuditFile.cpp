#include "changebank/daemon/logging/AuditFile.h"

#include <Poco/Exception.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "changebank/base/system/ErrnoText.h"

namespace changebank::daemon {

namespace {

/// Anything but a regular file (a pipe, a device) has nothing to flush.
bool isFlushed(int file) {
    return ::fdatasync(file) == 0 || errno == EINVAL || errno == EROFS;
}

}  // namespace

AuditFile::AuditFile(std::string path) : _path(std::move(path)), _file(LineWriter::openToAppend(_path)) {}

void AuditFile::append(const std::string& line) {
    flush(write(line));
}

std::uint64_t AuditFile::write(const std::string& line) {
    const std::lock_guard lock(_writing);
    if (const int error = _writer.write(_file.get(), line); error != 0)
        throw Poco::WriteFileException(_path, errnoText(error));
    return ++_written;
}

void AuditFile::flush(std::uint64_t line) {
    const std::lock_guard flushing(_flushing);
    if (_flushed >= line) return;
    std::uint64_t covered = 0;
    {
        const std::lock_guard lock(_writing);
        covered = _written;
    }
    if (!isFlushed(_file.get())) throw Poco::WriteFileException(_path, errnoText());
    _flushed = covered;
}

void AuditFile::reopen() {
    auto file = LineWriter::openToAppend(_path);
    const std::scoped_lock lock(_flushing, _writing);
    if (!isFlushed(_file.get())) throw Poco::WriteFileException(_path, errnoText());
    _file = std::move(file);
    _flushed = _written;
}

}  // namespace changebank::daemon
