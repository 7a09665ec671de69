#include "changebank/daemon/http/socket/Acceptor.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <new>

namespace changebank::http {

namespace {

Poco::Net::SocketAddress toPoco(const sockaddr_storage& address, socklen_t length) {
    // The socket interface's own way: every kind of address is read through the generic one.
    return {reinterpret_cast<const sockaddr*>(&address), length};  // NOLINT
}

}  // namespace

Acceptor::Acceptor(Poco::Net::ServerSocket socket)
    : _listener(socket.impl()->sockfd()), _address(socket.address()) {
    socket.setBlocking(false);
    _isUnix = _address.family() == Poco::Net::SocketAddress::UNIX_LOCAL;
    if (_isUnix) return;
    _isWildcard = _address.host().isWildcard();
    // Accepted sockets inherit it on Linux, which saves a call for each.
    const int on = 1;
    ::setsockopt(_listener, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
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
    try {
        accepted.endpoints = std::make_shared<const Endpoints>(
            Endpoints{toPoco(address, length), _isWildcard ? localAddress(socket) : _address,
                      _isUnix ? PeerCredentials::of(socket) : std::nullopt});
    } catch (const std::bad_alloc&) {
        return Outcome::Exhausted;
    }
    return Outcome::Accepted;
}

Poco::Net::SocketAddress Acceptor::localAddress(int socket) const {
    sockaddr_storage address{};
    socklen_t length = sizeof(address);
    const int result = ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length);  // NOLINT
    return result == 0 ? toPoco(address, length) : _address;
}

}  // namespace changebank::http
