#include "changebank/daemon/http/socket/PeerCredentials.h"

#include <sys/socket.h>

#include <cerrno>

namespace changebank::http {

namespace {

/// If the buffer is too small, the kernel returns the required size.
std::vector<gid_t> groupsOf(int descriptor) {
    std::vector<gid_t> groups(8);
    for (;;) {
        auto bytes = static_cast<socklen_t>(groups.size() * sizeof(gid_t));
        const int result = ::getsockopt(descriptor, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &bytes);
        if (result != 0 && errno != ERANGE) return {};
        groups.resize(bytes / sizeof(gid_t));
        if (result == 0) return groups;
    }
}

}  // namespace

std::optional<PeerCredentials> PeerCredentials::of(int descriptor) {
    ucred peer{};
    socklen_t bytes = sizeof(peer);
    if (::getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &bytes) != 0 || bytes != sizeof(peer))
        return {};
    return PeerCredentials{peer.pid, peer.uid, peer.gid, groupsOf(descriptor)};
}

}  // namespace changebank::http
