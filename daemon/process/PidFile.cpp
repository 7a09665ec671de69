#include "changebank/daemon/process/PidFile.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "changebank/base/system/ErrnoText.h"
#include "changebank/base/text/ForeignText.h"
#include "changebank/daemon/process/ExitStatus.h"
#include "changebank/daemon/process/StartFailure.h"
#include "changebank/daemon/settings/values/SettingType.h"

namespace changebank::daemon {

namespace {

[[noreturn]] void fail(const std::string& path) {
    const auto reason = errnoText();
    throw StartFailure(exitConfiguration, "cannot write the pid file " + inQuotes(path) + ": " + reason);
}

/// Whether the path still refers to the open file and not to a replacement.
bool isStillAt(const std::string& path, int descriptor) {
    struct stat opened {};
    struct stat named {};
    return ::fstat(descriptor, &opened) == 0 && ::stat(path.c_str(), &named) == 0 &&
           opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
}

std::string holderOf(int descriptor) {
    std::array<char, 16> text{};
    const auto length = ::pread(descriptor, text.data(), text.size(), 0);
    if (length <= 0) return "unknown";
    const std::string line(text.data(), static_cast<std::size_t>(length));
    return line.substr(0, line.find_first_not_of("0123456789"));
}

/// Opens and locks the file; retries if its previous owner removed it in between.
int openLocked(const std::string& path) {
    while (true) {
        const int descriptor =
            ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW, 0644);
        if (descriptor < 0) fail(path);
        if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
            const auto holder = holderOf(descriptor);
            ::close(descriptor);
            throw StartFailure(exitUnavailable, "already running: process " + holder +
                                                    " holds the pid file " + inQuotes(path));
        }
        if (isStillAt(path, descriptor)) return descriptor;
        ::close(descriptor);
    }
}

}  // namespace

PidFile::PidFile(std::string path) : _path(std::move(path)), _descriptor(openLocked(_path)) {
    const auto text = std::to_string(::getpid()) + "\n";
    if (::ftruncate(_descriptor, 0) != 0 ||
        ::write(_descriptor, text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
        const int error = errno;
        ::close(_descriptor);
        errno = error;
        fail(_path);
    }
}

PidFile::~PidFile() {
    ::unlink(_path.c_str());
    ::close(_descriptor);
}

}  // namespace changebank::daemon
