#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>
#include <vector>

namespace changebank::http {

/// The peer of a Unix socket according to the kernel (SO_PEERCRED, SO_PEERGROUPS of unix(7)): the process at
/// the time of its connect().
struct PeerCredentials {
    pid_t process;
    uid_t user;
    gid_t group;
    std::vector<gid_t> groups;  ///< Supplementary groups.

    /// Of a connected Unix stream socket; nothing if the kernel does not provide them.
    static std::optional<PeerCredentials> of(int descriptor);
};

/// Whether a peer may use the server. Called for each connection to a Unix socket, on the event loops: from
/// several threads at once, must not block or throw.
using PeerCheck = std::function<bool(const PeerCredentials&)>;

}  // namespace changebank::http
