#include "changebank/daemon/logging/SyslogSink.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <ctime>
#include <string_view>
#include <utility>

#include "changebank/base/system/Uninterrupted.h"

namespace changebank::daemon {

namespace {

/// By the C library, whose state outlives this thread: POCO's may be destroyed first.
std::string localTime() {
    const auto now = std::time(nullptr);
    std::tm time{};
    std::array<char, 32> text{};
    return {text.data(),
            std::strftime(text.data(), text.size(), "%b %e %H:%M:%S", ::localtime_r(&now, &time))};
}

std::string messageOf(const LogLine& line) {
    const int priority = LOG_DAEMON | syslogPriority(line.priority);
    return "<" + std::to_string(priority) + ">" + localTime() + " changebankd[" + std::to_string(::getpid()) +
           "]: " + line.text;
}

int connected(const std::string& path, int type, FileDescriptor& socket) {
    sockaddr_un address{};
    if (path.size() >= sizeof(address.sun_path)) return ENAMETOOLONG;
    address.sun_family = AF_UNIX;
    std::copy(path.begin(), path.end(), address.sun_path);
    socket = FileDescriptor(::socket(AF_UNIX, type | SOCK_CLOEXEC, 0));
    // The socket API passes every address as a generic sockaddr.
    const auto* generic = reinterpret_cast<const sockaddr*>(&address);  // NOLINT
    return socket && ::connect(socket.get(), generic, sizeof(address)) == 0 ? 0 : errno;
}

}  // namespace

SyslogSink::SyslogSink(std::string path) : _path(std::move(path)) {}

LineSink::Written SyslogSink::write(std::span<const LogLine> lines) {
    Written written;
    for (const auto& line : lines) {
        const auto message = messageOf(line);
        written.error = _socket ? send(message) : ENOTCONN;
        // The system's log may have been restarted.
        if (written.error != 0 && written.error != EMSGSIZE) {
            written.error = connect();
            if (written.error == 0) written.error = send(message);
        }
        if (written.error != 0) return written;
        ++written.lines;
    }
    return written;
}

int SyslogSink::connect() {
    FileDescriptor socket;
    int error = connected(_path, SOCK_DGRAM, socket);
    _isStream = error == EPROTOTYPE;
    if (_isStream) error = connected(_path, SOCK_STREAM, socket);
    _socket = error == 0 ? std::move(socket) : FileDescriptor();
    return error;
}

int SyslogSink::send(const std::string& message) {
    std::string_view rest(message.c_str(), message.size() + (_isStream ? 1 : 0));
    while (!rest.empty()) {
        const auto length =
            uninterrupted([&] { return ::send(_socket.get(), rest.data(), rest.size(), MSG_NOSIGNAL); });
        if (length < 0) return errno;
        rest.remove_prefix(static_cast<std::size_t>(length));
    }
    return 0;
}

}  // namespace changebank::daemon
