#include "changebank/daemon/listeners/AdminPeers.h"

#include <unistd.h>

#include <algorithm>

namespace changebank::daemon {

bool isAdminPeer(const http::PeerCredentials& peer) noexcept {
    if (peer.user == 0 || peer.user == ::geteuid()) return true;
    const auto group = ::getegid();
    return peer.group == group ||
           std::find(peer.groups.begin(), peer.groups.end(), group) != peer.groups.end();
}

}  // namespace changebank::daemon
