#include "daemon/http/Acceptor.h"

#include <sys/socket.h>

#include <cerrno>
#include <utility>

namespace changebank::http {

namespace {

Poco::Net::SocketAddress toPoco(const sockaddr_storage& address, socklen_t length) {
    // POCO's own accept does the same cast; the union-like sockaddr family is read through the generic
    // header.
    return {reinterpret_cast<const sockaddr*>(&address), length};  // NOLINT
}

}  // namespace

Acceptor::Acceptor(int listener, Poco::Net::SocketAddress address)
    : _listener(listener),
      _address(std::move(address)),
      _isWildcard(_address.family() != Poco::Net::SocketAddress::UNIX_LOCAL && _address.host().isWildcard()) {
}

Acceptor::Outcome Acceptor::accept(AcceptedSocket& accepted) const {
    sockaddr_storage address{};
    socklen_t length = sizeof(address);
    const int socket = ::accept4(_listener, reinterpret_cast<sockaddr*>(&address), &length,  // NOLINT
                                 SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (socket < 0) {
        const bool exhausted = errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
        return exhausted ? Outcome::Exhausted : Outcome::Nothing;
    }
    accepted.socket = FileDescriptor(socket);
    accepted.client = toPoco(address, length);
    accepted.server = _isWildcard ? localAddress(socket) : _address;
    return Outcome::Accepted;
}

Poco::Net::SocketAddress Acceptor::localAddress(int socket) const {
    sockaddr_storage address{};
    socklen_t length = sizeof(address);
    if (::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length) != 0)
        return _address;  // NOLINT
    return toPoco(address, length);
}

}  // namespace changebank::http
