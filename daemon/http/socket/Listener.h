#pragma once

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketAddress.h>

#include <string>
#include <vector>

namespace changebank::http {

/// Binds and listens on an address, without SO_REUSEPORT: a second server on the same address fails with a
/// Poco::Net::NetException. Port 0 takes a free one, which the socket's address() then names. For a Unix
/// address a socket file that nobody listens on any more is replaced; the mode of the new one follows the
/// umask.
Poco::Net::ServerSocket listenOn(const Poco::Net::SocketAddress& address);

/// Takes over a descriptor that somebody else has bound and made listen: owns it from now on, and closes it
/// on exec. Throws Poco::Net::NetException, and leaves it alone, if it is no listening stream socket.
Poco::Net::ServerSocket adoptListener(int descriptor);

/// A listening socket that systemd passed to this process.
struct PassedListener {
    std::string
        name;  ///< FileDescriptorName= of its unit, by default the unit's name; "unknown" if none came.
    Poco::Net::ServerSocket socket;
};

/// The listening sockets that systemd passed to this process (sd_listen_fds(3): LISTEN_PID, LISTEN_FDS,
/// LISTEN_FDNAMES), in its order; empty if there are none. Takes the variables out of the environment, so
/// that a second call, or a child, does not take them again; call it before there are threads. Throws
/// Poco::Net::NetException, which names the descriptor, if one of them is no listening stream socket.
std::vector<PassedListener> adoptListeners();

}  // namespace changebank::http
