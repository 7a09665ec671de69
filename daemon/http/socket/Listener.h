#pragma once

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketAddress.h>

namespace changebank::http {

/// Binds and listens on an address, without SO_REUSEPORT: a second server on the same address fails with a
/// Poco::Net::NetException. Port 0 selects a free port, see the socket's address(). For a Unix address a
/// stale socket file is replaced; the mode of the new one follows the umask.
Poco::Net::ServerSocket listenOn(const Poco::Net::SocketAddress& address);

/// Has new connections refused, while those in the socket's queue, and TCP handshakes under way, can still be
/// accepted: closing a socket resets what is in its queue. A Unix socket refuses at once, for good. For TCP
/// the kernel drops each SYN, which its sender repeats after a second (RFC 6298 section 2) and then finds the
/// socket closed. Applies to all descriptors of the socket. Returns false if the kernel cannot do it.
bool refuseConnections(const Poco::Net::ServerSocket& socket);

/// Ends the effect of refuseConnections() on a TCP socket.
void admitConnections(const Poco::Net::ServerSocket& socket);

/// Takes ownership of a descriptor of a listening socket and sets FD_CLOEXEC. Throws Poco::Net::NetException,
/// and leaves the descriptor alone, if it is not a listening stream socket.
Poco::Net::ServerSocket adoptListener(int descriptor);

}  // namespace changebank::http
