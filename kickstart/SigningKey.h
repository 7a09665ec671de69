#pragma once

#include <Poco/JWT/Signer.h>
#include <Poco/JWT/Token.h>

#include <cstdint>
#include <memory>
#include <string>

#include "kickstart/KeyAlgorithm.h"
#include "security/Json.h"
#include "security/OpenSsl.h"

namespace changebank::kickstart {

/// A key pair that signs tokens with one algorithm. Immutable, so any number of threads may sign with it.
class SigningKey {
public:
    /// The RSA moduli that FusionAuth offers, in bits.
    static bool isRsaLength(std::int64_t bits) noexcept {
        return bits == 2048 || bits == 3072 || bits == 4096;
    }

    /// Generates a new pair. `bits` is the length of the RSA modulus, one for which isRsaLength() is true;
    /// elliptic curve keys take no notice of it. Throws std::runtime_error if OpenSSL cannot.
    static std::shared_ptr<const SigningKey> generate(KeyAlgorithm algorithm, int bits);

    KeyAlgorithm algorithm() const noexcept { return _algorithm; }

    /// The length of the modulus or of the curve's field, in bits.
    int bits() const noexcept { return EVP_PKEY_get_bits(_pair.get()); }

    /// The key's identifier as FusionAuth forms it: the JWK thumbprint (RFC 7638) with SHA-1, in base64url.
    const std::string& kid() const noexcept { return _kid; }

    /// The public key as a JWK (RFC 7517) with the members kty, use, alg, kid, and n and e or crv, x and y.
    security::Json publicJwk() const;

    /// The public key as PEM, "BEGIN PUBLIC KEY".
    std::string publicPem() const;

    /// The token as a compact JWS. Fills in the header parameters alg, typ and kid; the payload stays as it
    /// is.
    std::string sign(Poco::JWT::Token token) const;

private:
    SigningKey(KeyAlgorithm algorithm, security::EvpKey pair);

    KeyAlgorithm _algorithm;
    security::EvpKey _pair;
    /// The members of the JWK that a thumbprint covers, in its order.
    security::Json::Object _members;
    std::string _kid;
    Poco::JWT::Signer _signer;
};

}  // namespace changebank::kickstart
