#pragma once

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketAddress.h>

#include <vector>

namespace changebank::http {

/// Binds and listens on an address, without SO_REUSEPORT: a second server on the same address fails with a
/// Poco::Net::NetException. Port 0 takes a free one, which the socket's address() then names. For a Unix
/// address a socket file that nobody listens on any more is replaced; the mode of the new one follows the
/// umask.
Poco::Net::ServerSocket listenOn(const Poco::Net::SocketAddress& address);

/// The listening sockets that systemd passed to this process (sd_listen_fds(3): LISTEN_PID, LISTEN_FDS), in
/// its order; empty if there are none. Takes the variables out of the environment, so that a second call, or
/// a child, does not take them again; call it before there are threads. Throws Poco::Net::NetException if a
/// descriptor is no listening stream socket.
std::vector<Poco::Net::ServerSocket> adoptListeners();

}  // namespace changebank::http
