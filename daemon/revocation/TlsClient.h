#pragma once

#include <openssl/bio.h>
#include <openssl/ssl.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "changebank/base/system/OpenSsl.h"

namespace changebank::daemon {

/// The client's side of one TLS connection (1.2 or later), between bytes in the clear and those on the wire.
/// It does no input and output itself. Verifies the server's certificate and that it is the host's.
class TlsClient {
public:
    /// `host` is a name or an address; `caFile` a PEM file with the authorities to trust, empty: the
    /// system's. Throws Poco::Exception if the authorities cannot be read, or TLS cannot be set up.
    TlsClient(const std::string& host, const std::string& caFile);

    /// Goes on with the handshake, after receive() if more of it has come. Returns why it failed, if it did.
    std::optional<std::string> handshake();
    bool isConnected() const noexcept;

    /// What is to be sent for these bytes: call toSend() afterwards. Only after the handshake. Returns false
    /// if TLS failed.
    bool write(std::string_view clear);
    /// Takes bytes of the server. Returns false if there is no memory for them.
    bool receive(std::string_view wire);
    /// The bytes in the clear that have come so far; std::nullopt if TLS failed or the server ended it.
    std::optional<std::string> read();
    /// Bytes to send to the server, which are then forgotten.
    std::string toSend();

private:
    std::string failure() const;

    std::unique_ptr<SSL_CTX, OpenSslDeleter<SSL_CTX_free>> _context;
    std::unique_ptr<SSL, OpenSslDeleter<SSL_free>> _session;
    /// The session's.
    BIO* _incoming = nullptr;
    BIO* _outgoing = nullptr;
};

}  // namespace changebank::daemon
