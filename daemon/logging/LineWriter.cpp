#include "changebank/daemon/logging/LineWriter.h"

#include <Poco/Exception.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>

#include "changebank/base/system/ErrnoText.h"

namespace changebank::daemon {

namespace {

/// How long a slow reader may block the writer, in milliseconds.
constexpr int patience = 1000;

/// Waits until a non-blocking descriptor is writable; false on a timeout.
bool becomesWritable(int descriptor) {
    pollfd writable{descriptor, POLLOUT, 0};
    return ::poll(&writable, 1, patience) == 1;
}

}  // namespace

FileDescriptor LineWriter::openToAppend(const std::string& path) {
    // Opening a pipe without a reader must not block the start.
    const int file =
        ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0640);
    if (file < 0) throw Poco::OpenFileException(path, errnoText());
    return FileDescriptor(file);
}

int LineWriter::write(int descriptor, std::string line) {
    if (_torn) line.insert(0, 1, '\n');
    line += '\n';
    std::string_view rest = line;
    while (!rest.empty()) {
        const auto written = ::write(descriptor, rest.data(), rest.size());
        if (written >= 0) {
            rest.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno != EINTR && !(errno == EAGAIN && becomesWritable(descriptor))) {
            const int error = errno;
            if (rest.size() != line.size()) _torn = true;
            return error;
        }
    }
    _torn = false;
    return 0;
}

}  // namespace changebank::daemon
