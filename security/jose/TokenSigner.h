#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "changebank/base/system/OpenSsl.h"
#include "changebank/security/jose/Algorithm.h"

namespace changebank::security {

/// Signs tokens with a private key, under a header of `alg`, `kid` and `typ`, which is JWT. Immutable, usable
/// from any thread.
class TokenSigner {
public:
    /// Why a key cannot sign, as the end of a sentence that begins with its name; without key material.
    struct Unusable {
        std::string why;
    };

    /// The private key of a PEM text (RFC 7468) that has nothing else and is not encrypted: on P-256 (ES256),
    /// P-384 (ES384), P-521 (ES512), Ed25519, or RSA of 2048 to 8192 bits (RS256). Its key id is its
    /// thumbprint (RFC 7638). The public half must be one that JsonWebKey::import() accepts and that verifies
    /// what the private one signs. Leaves OpenSSL's error queue empty.
    static std::variant<TokenSigner, Unusable> fromPem(std::string_view pem);

    /// `payload` is one JSON object. Throws std::runtime_error if OpenSSL fails.
    std::string sign(std::string_view payload) const;

    /// The public key as a JWK, with `alg`, `kid` and `use`.
    const std::string& jwk() const noexcept { return _jwk; }

    Algorithm algorithm() const noexcept { return _algorithm; }

private:
    TokenSigner(EvpKey key, Algorithm algorithm, const std::string& publicJwk);

    // The key is shared between copies.
    std::shared_ptr<EVP_PKEY> _key;
    Algorithm _algorithm;
    const EVP_MD* _digest;
    std::string _header;
    std::string _jwk;
};

}  // namespace changebank::security
