#pragma once

#include <Poco/Net/SocketAddress.h>

#include <optional>
#include <string>

#include "changebank/daemon/http/socket/PeerCredentials.h"

namespace changebank::http {

/// The two ends of a connection. Immutable, so that a connection and its running handler can share one
/// object.
struct Endpoints {
    /// With an empty path for a client of a Unix socket; with port 0 if a proxy has named it without one.
    Poco::Net::SocketAddress client;
    Poco::Net::SocketAddress server;
    std::optional<PeerCredentials> peer{};  ///< For a client of a Unix socket.
    /// Of a client with a certificate, once the TLS handshake is complete; see TlsSession.
    std::string clientCertificateThumbprint{};
};

}  // namespace changebank::http
