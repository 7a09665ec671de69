#include "changebank/daemon/logging/FileSink.h"

#include <Poco/Exception.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "changebank/base/system/ErrnoText.h"
#include "changebank/base/text/ForeignText.h"
#include "changebank/daemon/logging/Logging.h"

namespace changebank::daemon {

namespace {

/// No descriptor and errno if that fails. Opening a pipe must not wait for its reader; writing may.
FileDescriptor openedToAppend(const std::string& path) {
    constexpr int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY;
    FileDescriptor file(::open(path.c_str(), flags | O_NONBLOCK, 0640));
    if (file) ::fcntl(file.get(), F_SETFL, flags);
    return file;
}

bool isAt(const std::string& path, int descriptor) {
    struct stat opened {};
    struct stat named {};
    return ::fstat(descriptor, &opened) == 0 && ::stat(path.c_str(), &named) == 0 &&
           opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

}  // namespace

FileSink::FileSink(std::string path, Flush flush)
    : _path(std::move(path)), _flush(flush), _file(openedToAppend(_path)) {
    if (_file) return;
    const auto reason = errno == ENXIO ? std::string("nobody reads this pipe") : errnoText();
    throw Poco::OpenFileException(_path, reason);
}

int FileSink::begin() {
    if (isAt(_path, _file.get())) return 0;
    auto file = openedToAppend(_path);
    if (!file) return errno;
    _file = std::move(file);
    log(Poco::Message::PRIO_WARNING,
        inQuotes(_path) + " was removed or moved away without a signal; opened again");
    return 0;
}

int FileSink::sync() {
    if (_flush == Flush::never || ::fdatasync(_file.get()) == 0) return 0;
    // Anything but a regular file (a pipe, a device) has nothing to flush.
    return errno == EINVAL || errno == EROFS ? 0 : errno;
}

}  // namespace changebank::daemon
