#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "changebank/base/system/OpenSsl.h"
#include "changebank/security/jose/Algorithm.h"

namespace changebank::tests {

/// A private key for tests: signs tokens and shows its public half as a JWK. Immutable; copies share the key.
class TestKey {
public:
    /// A new key; `bits` counts for RSA alone.
    static TestKey generate(security::KeyFamily family, unsigned bits = 2048);

    /// A new RSA key of 2048 bits with that public exponent.
    static TestKey generateRsa(unsigned long exponent);

    /// A key that is made once a process, for tests that do not care which one.
    static const TestKey& shared(security::KeyFamily family);

    security::KeyFamily family() const noexcept { return _family; }

    /// The public key as a JWK with the members kty, crv, n, e, x, y that belong to it, and `extra` (JSON
    /// members without braces, such as `"kid":"k1","use":"sig"`) before them.
    std::string jwk(std::string_view extra = {}) const;

    /// The public key as PEM (SubjectPublicKeyInfo).
    std::string publicPem() const;

    /// The private key as PEM (PKCS #8), and a key from it. `family` must be the key's.
    std::string privatePem() const;
    static TestKey fromPrivatePem(security::KeyFamily family, std::string_view pem);

    /// The public key as DER.
    std::string publicDer() const;

    /// The signature as RFC 7515 wants it: raw octets, r and s side by side for ECDSA. `algorithm` must be of
    /// the key's family.
    std::string sign(security::Algorithm algorithm, std::string_view signingInput) const;

    /// A compact JWS of a header and a payload, which are encoded as they are.
    std::string token(security::Algorithm algorithm, std::string_view header, std::string_view payload) const;

    /// RSA without any padding (RFC 8017 section 5.2): the private key's power of a number below the modulus,
    /// and the public key's; both of the modulus's length.
    std::string privateOperation(std::string_view message) const;
    std::string publicOperation(std::string_view signature) const;

    EVP_PKEY& key() const noexcept { return *_key; }

private:
    TestKey(security::KeyFamily family, std::shared_ptr<EVP_PKEY> key)
        : _family(family), _key(std::move(key)) {}

    security::KeyFamily _family;
    std::shared_ptr<EVP_PKEY> _key;
};

/// A key set document of the given JWKs.
std::string keySetOf(const std::vector<std::string>& jwks);

std::string sha256(std::string_view text);

/// HMAC-SHA256, for tokens that abuse a public key as a secret.
std::string hmacSha256(std::string_view key, std::string_view text);

}  // namespace changebank::tests
