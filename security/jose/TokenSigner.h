#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "changebank/base/system/OpenSsl.h"
#include "changebank/security/jose/Algorithm.h"

namespace changebank::security {

/// Signs tokens with a private key: the compact serialization of a JWS (RFC 7515 section 3.1) with a header
/// of `alg`, `kid` and `typ`. Immutable, usable from any thread.
class TokenSigner {
public:
    /// Why a key cannot sign, as the end of a sentence that begins with its name; without key material.
    struct Unusable {
        std::string why;
    };

    /// The private key of a PEM text (RFC 7468) that is not encrypted: on P-256 (ES256), P-384 (ES384), P-521
    /// (ES512), Ed25519, or RSA of 2048 bits at least (RS256). Its key id is its thumbprint (RFC 7638).
    static std::variant<TokenSigner, Unusable> fromPem(std::string_view pem);

    /// `payload` is one JSON object. Throws std::runtime_error if OpenSSL fails.
    std::string sign(std::string_view payload) const;

    /// The public key as a JWK, with `alg`, `kid` and `use`.
    const std::string& jwk() const noexcept { return _jwk; }

private:
    TokenSigner() = default;

    // The key is shared between copies.
    std::shared_ptr<EVP_PKEY> _key;
    Algorithm _algorithm{};
    /// Encoded, with the point behind it.
    std::string _header;
    std::string _jwk;
};

}  // namespace changebank::security
