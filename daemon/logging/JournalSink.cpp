#include "changebank/daemon/logging/JournalSink.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <string_view>
#include <utility>

#include "changebank/base/system/Uninterrupted.h"

namespace changebank::daemon {

namespace {

/// The address, or an empty one if the path is too long.
sockaddr_un addressOf(const std::string& path) {
    sockaddr_un address{};
    if (path.size() >= sizeof(address.sun_path)) return address;
    address.sun_family = AF_UNIX;
    std::copy(path.begin(), path.end(), address.sun_path);
    return address;
}

/// Returns 0 or the errno value.
int sent(int socket, msghdr& message) {
    return uninterrupted([&] { return ::sendmsg(socket, &message, MSG_NOSIGNAL); }) < 0 ? errno : 0;
}

/// Returns whether everything was written; errno says why not.
bool writeAll(int descriptor, std::string_view rest) {
    while (!rest.empty()) {
        const auto length = uninterrupted([&] { return ::write(descriptor, rest.data(), rest.size()); });
        if (length < 0) return false;
        rest.remove_prefix(static_cast<std::size_t>(length));
    }
    return true;
}

/// A file in memory that nobody can change any more, as the journal demands; no descriptor and errno if there
/// can be none.
FileDescriptor sealedFile(const std::string& content) {
    constexpr int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;
    FileDescriptor file(::memfd_create("changebankd-journal", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (!file || !writeAll(file.get(), content)) return {};
    if (::fcntl(file.get(), F_ADD_SEALS, seals) != 0) return {};
    return file;
}

/// Sends the descriptor alone (SCM_RIGHTS, unix(7)), to the address of the message. Returns 0 or the errno
/// value.
int sentDescriptor(int socket, msghdr message, int descriptor) {
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
    message.msg_iov = nullptr;
    message.msg_iovlen = 0;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    cmsghdr* const header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(header), &descriptor, sizeof(int));
    return sent(socket, message);
}

}  // namespace

JournalSink::JournalSink(std::string path) : _path(std::move(path)) {}

LineSink::Written JournalSink::write(std::span<const LogLine> lines) {
    Written written;
    for (const auto& line : lines) {
        written.error = send(line.text);
        if (written.error != 0) return written;
        ++written.lines;
    }
    return written;
}

int JournalSink::send(const std::string& fields) {
    auto address = addressOf(_path);
    if (address.sun_family != AF_UNIX) return ENAMETOOLONG;
    if (!_socket) _socket = FileDescriptor(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (!_socket) return errno;
    iovec content{const_cast<char*>(fields.data()), fields.size()};  // NOLINT: sendmsg(2) only reads it.
    msghdr message{};
    message.msg_name = &address;
    message.msg_namelen = sizeof(address);
    message.msg_iov = &content;
    message.msg_iovlen = 1;
    const int error = sent(_socket.get(), message);
    if (error != EMSGSIZE && error != ENOBUFS) return error;
    const auto file = sealedFile(fields);
    return file ? sentDescriptor(_socket.get(), message, file.get()) : errno;
}

}  // namespace changebank::daemon
