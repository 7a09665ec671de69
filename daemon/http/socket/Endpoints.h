#pragma once

#include <Poco/Net/SocketAddress.h>

#include <optional>

#include "changebank/daemon/http/socket/PeerCredentials.h"

namespace changebank::http {

/// Who talks to whom on a connection. Never changes, so that a connection and the handler at work for it can
/// share one object.
struct Endpoints {
    Poco::Net::SocketAddress client;  ///< With an empty path for a client of a Unix socket.
    Poco::Net::SocketAddress server;
    std::optional<PeerCredentials> peer{};  ///< For a client of a Unix socket.
};

}  // namespace changebank::http
