#pragma once

#include "changebank/daemon/http/socket/PeerCredentials.h"

namespace changebank::daemon {

/// Whether a peer may administer this daemon, independent of the socket file's mode: root, the daemon's user,
/// and members of the daemon's group.
bool isAdminPeer(const http::PeerCredentials& peer) noexcept;

}  // namespace changebank::daemon
