#pragma once

#include <Poco/Net/ServerSocket.h>

#include <string>
#include <vector>

namespace changebank::daemon {

/// A listening socket that systemd passed to this process.
struct PassedListener {
    /// FileDescriptorName= of its unit, by default the unit's name; "unknown" if none was passed.
    std::string name;
    Poco::Net::ServerSocket socket;
};

/// The number of descriptors, from 3 on, that systemd passed to this process; 0 if none or if
/// adoptListeners() was called.
int passedDescriptors();

/// Socket activation: returns the listening sockets that systemd passed to this process (sd_listen_fds(3):
/// LISTEN_PID, LISTEN_FDS, LISTEN_FDNAMES), in systemd's order; empty if there are none. Removes the
/// variables from the environment, so that neither a second call nor a child adopts them again. Call it
/// before any thread is started. Throws Poco::Net::NetException, which names the descriptor, if one of them
/// is not a listening stream socket.
std::vector<PassedListener> adoptListeners();

}  // namespace changebank::daemon
