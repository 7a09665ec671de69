#pragma once

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketAddress.h>

#include <string>
#include <vector>

namespace changebank::http {

/// Binds and listens on an address, without SO_REUSEPORT: a second server on the same address fails with a
/// Poco::Net::NetException. Port 0 selects a free port, see the socket's address(). For a Unix address a
/// stale socket file is replaced; the mode of the new one follows the umask.
Poco::Net::ServerSocket listenOn(const Poco::Net::SocketAddress& address);

/// Takes ownership of a descriptor of a listening socket and sets FD_CLOEXEC. Throws Poco::Net::NetException,
/// and leaves the descriptor alone, if it is not a listening stream socket.
Poco::Net::ServerSocket adoptListener(int descriptor);

/// A listening socket that systemd passed to this process.
struct PassedListener {
    std::string name;  ///< FileDescriptorName= of its unit, by default the unit's name; "unknown" if missing.
    Poco::Net::ServerSocket socket;
};

/// The listening sockets that systemd passed to this process (sd_listen_fds(3): LISTEN_PID, LISTEN_FDS,
/// LISTEN_FDNAMES), in its order; empty if there are none. Removes the variables from the environment, so
/// that neither a second call nor a child adopts the sockets again; call it before there are threads. Throws
/// Poco::Net::NetException, which names the descriptor, if one of them is not a listening stream socket.
std::vector<PassedListener> adoptListeners();

}  // namespace changebank::http
