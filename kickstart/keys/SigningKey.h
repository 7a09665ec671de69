#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "changebank/base/system/OpenSsl.h"
#include "changebank/base/text/JsonText.h"
#include "changebank/kickstart/keys/KeyAlgorithm.h"

namespace changebank::kickstart {

/// A key or a key pair that signs tokens with one algorithm. Immutable, so thread-safe.
class SigningKey {
public:
    /// The RSA moduli that FusionAuth offers, in bits.
    static bool isRsaLength(std::int64_t bits) noexcept {
        return bits == 2048 || bits == 3072 || bits == 4096;
    }

    /// Generates a key. `bits` is the length of the RSA modulus, for which isRsaLength() must be true; other
    /// algorithms ignore it. An HMAC key is as long as its digest. Throws std::runtime_error if OpenSSL
    /// fails.
    static std::shared_ptr<const SigningKey> generate(KeyAlgorithm algorithm, int bits);

    /// An HMAC key of these bytes. An empty `kid` is replaced by a new one.
    static std::shared_ptr<const SigningKey> ofSecret(KeyAlgorithm algorithm, std::string_view secret,
                                                      std::string kid = {});

    /// The key pair of a PEM private key; nullptr if the text has none that fits the algorithm.
    static std::shared_ptr<const SigningKey> ofPem(KeyAlgorithm algorithm, std::string_view pem);

    KeyAlgorithm algorithm() const noexcept { return _algorithm; }

    /// The length of the modulus, of the curve's field or of the HMAC key, in bits.
    int bits() const;

    /// The key's id in FusionAuth's form: for a key pair the JWK thumbprint (RFC 7638) with SHA-1, in
    /// base64url; for an HMAC key nine random hexadecimal digits.
    const std::string& kid() const noexcept { return _kid; }

    /// The public key as a JWK (RFC 7517) with the members kty, use, alg and kid, and n and e, or crv, x and
    /// y, or crv and x. Must not be called for an HMAC key.
    Poco::JSON::Object publicJwk() const;

    /// The public key as PEM, "BEGIN PUBLIC KEY". Must not be called for an HMAC key.
    std::string publicPem() const;

    /// A compact JWS (RFC 7515 section 7.1) over the claims, with the header parameters alg, typ and kid.
    std::string sign(const Poco::JSON::Object& claims) const;

private:
    SigningKey(KeyAlgorithm algorithm, EvpKey key, std::string kid = {});

    KeyAlgorithm _algorithm;
    EvpKey _key;
    /// The members of the JWK that make the key (security::thumbprintInput()); empty for an HMAC key.
    std::string _thumbprintInput;
    std::string _kid;
};

}  // namespace changebank::kickstart
