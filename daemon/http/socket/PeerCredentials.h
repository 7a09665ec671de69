#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>
#include <vector>

namespace changebank::http {

/// Who connected to a Unix socket, as the kernel knows it (SO_PEERCRED, SO_PEERGROUPS of unix(7)): the
/// process at the moment of its connect().
struct PeerCredentials {
    pid_t process;
    uid_t user;
    gid_t group;
    std::vector<gid_t> groups;  ///< The supplementary ones.

    /// Of a connected Unix stream socket; nothing if the kernel does not say.
    static std::optional<PeerCredentials> of(int descriptor);
};

/// Whether a peer may talk to the server. Called for each connection to a Unix socket, on the event loops:
/// from several threads at once, must not wait and must not throw.
using PeerCheck = std::function<bool(const PeerCredentials&)>;

}  // namespace changebank::http
