#pragma once

#include "changebank/daemon/http/socket/PeerCredentials.h"

namespace changebank::daemon {

/// Whether a peer may administrate this daemon, whatever mode the socket's file has: root, the daemon's own
/// user, and members of the daemon's own group.
bool isAdminPeer(const http::PeerCredentials& peer) noexcept;

}  // namespace changebank::daemon
