#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "changebank/base/system/OpenSsl.h"
#include "changebank/base/text/Json.h"
#include "changebank/kickstart/keys/KeyAlgorithm.h"

namespace changebank::kickstart {

/// A key, or a pair of keys, that signs tokens with one algorithm. Immutable, so any number of threads may
/// sign with it.
class SigningKey {
public:
    /// The RSA moduli that FusionAuth offers, in bits.
    static bool isRsaLength(std::int64_t bits) noexcept {
        return bits == 2048 || bits == 3072 || bits == 4096;
    }

    /// Generates a new one. `bits` is the length of the RSA modulus, one for which isRsaLength() is true; the
    /// other algorithms take no notice of it, an HMAC key is as long as its digest. Throws std::runtime_error
    /// if OpenSSL cannot.
    static std::shared_ptr<const SigningKey> generate(KeyAlgorithm algorithm, int bits);

    /// An HMAC key of these bytes. The empty `kid` stands for a new one.
    static std::shared_ptr<const SigningKey> ofSecret(KeyAlgorithm algorithm, std::string_view secret,
                                                      std::string kid = {});

    /// The pair whose private key the PEM text holds; nullptr if it holds none that fits the algorithm.
    static std::shared_ptr<const SigningKey> ofPem(KeyAlgorithm algorithm, std::string_view pem);

    KeyAlgorithm algorithm() const noexcept { return _algorithm; }

    /// The length of the modulus, of the curve's field or of the HMAC key, in bits.
    int bits() const;

    /// The key's identifier as FusionAuth forms it: of a pair the JWK thumbprint (RFC 7638) with SHA-1, in
    /// base64url; of an HMAC key nine hexadecimal digits that say nothing about it.
    const std::string& kid() const noexcept { return _kid; }

    /// The public key as a JWK (RFC 7517) with the members kty, use, alg, kid, and n and e, or crv, x and y,
    /// or crv and x. Not for an HMAC key, which has none.
    Json publicJwk() const;

    /// The public key as PEM, "BEGIN PUBLIC KEY". Not for an HMAC key, which has none.
    std::string publicPem() const;

    /// A compact JWS (RFC 7515 section 7.1) over the claims, with the header parameters alg, typ and kid.
    std::string sign(const Json& claims) const;

private:
    SigningKey(KeyAlgorithm algorithm, EvpKey key, std::string kid = {});

    std::string signatureOf(std::string_view message) const;

    KeyAlgorithm _algorithm;
    EvpKey _key;
    /// The members of the JWK that a thumbprint covers, in its order; none for an HMAC key.
    Json::Object _members;
    std::string _kid;
};

}  // namespace changebank::kickstart
