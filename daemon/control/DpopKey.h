#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "changebank/base/system/OpenSsl.h"

namespace changebank::daemon {

/// A client's key pair on P-256, which makes DPoP proofs (RFC 9449) with ES256.
class DpopKey {
public:
    /// A new key. Throws std::runtime_error if OpenSSL fails.
    static DpopKey generate();

    /// The key of a PEM file without a passphrase, or why it cannot be read: one line without key material.
    static std::variant<DpopKey, std::string> read(const std::string& path);

    /// The private key as PEM (PKCS #8). A secret.
    std::string pem() const;

    /// The public key as a JWK: one line of JSON.
    std::string jwk() const;

    /// A new proof for one request at the time `now`, in seconds since 1970. `uri` must have the form of
    /// security::targetUri(). With an access token, the proof has the claim `ath`; with a nonce of the
    /// server, the claim `nonce`.
    std::string prove(std::string_view method, std::string_view uri, std::string_view token, std::int64_t now,
                      std::string_view nonce = {}) const;

private:
    explicit DpopKey(EvpKey key) : _key(std::move(key)) {}

    EvpKey _key;
};

}  // namespace changebank::daemon
