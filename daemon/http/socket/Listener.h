#pragma once

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketAddress.h>

namespace changebank::http {

/// Binds and listens on an address, without SO_REUSEPORT: a second server on the same address fails with a
/// Poco::Net::NetException. Port 0 selects a free port, see the socket's address(). For a Unix address a
/// stale socket file is replaced; the mode of the new one follows the umask.
Poco::Net::ServerSocket listenOn(const Poco::Net::SocketAddress& address);

/// Takes ownership of a descriptor of a listening socket and sets FD_CLOEXEC. Throws Poco::Net::NetException,
/// and leaves the descriptor alone, if it is not a listening stream socket.
Poco::Net::ServerSocket adoptListener(int descriptor);

}  // namespace changebank::http
