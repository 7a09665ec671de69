#pragma once

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketAddress.h>

namespace changebank::http {

/// Binds and listens on an address, without SO_REUSEPORT: a second server on the same address fails with a
/// Poco::Net::NetException. Port 0 takes a free one, which the socket's address() then names. For a Unix
/// address a socket file that nobody listens on any more is replaced; the mode of the new one follows the
/// umask.
Poco::Net::ServerSocket listenOn(const Poco::Net::SocketAddress& address);

/// Takes over a descriptor that somebody else has bound and made listen: owns it from now on, and closes it
/// on exec. Throws Poco::Net::NetException, and leaves it alone, if it is no listening stream socket.
Poco::Net::ServerSocket adoptListener(int descriptor);

}  // namespace changebank::http
