#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "changebank/base/text/Json.h"
#include "changebank/security/jose/Algorithm.h"
#include "changebank/security/jose/SignatureVerifier.h"

namespace changebank::security {

/// A public key for signatures as a JWK describes it (RFC 7517, RFC 7518 section 6, RFC 8037), checked once
/// when it is imported and then ready to verify. Immutable; usable from any thread.
class JsonWebKey {
public:
    /// Limits of an RSA modulus, in bits (RFC 7518 section 3.3; the upper one keeps a verification
    /// affordable).
    static constexpr int minModulusBits = 2048;
    static constexpr int maxModulusBits = 8192;
    /// The longest RSA exponent, in bits.
    static constexpr int maxExponentBits = 64;

    /// Why a key cannot be used, for the operator; one line without the key's material.
    struct Unusable {
        std::string reason;
    };

    using Imported = std::variant<std::shared_ptr<const JsonWebKey>, Unusable>;

    /// Imports one member of a key set. Refused: kinds and curves that we do not verify with, `use` other
    /// than "sig", `key_ops` without "verify", an `alg` that does not fit the key, private or symmetric
    /// members, RSA moduli out of the limits, even or with the ROCA fingerprint (CVE-2017-15361), exponents
    /// that are even, below 3 or too long, points that are not on their curve.
    static Imported import(const Json& jwk);

    /// The member `kid`, if the key has one.
    const std::optional<std::string>& keyId() const noexcept { return _keyId; }

    KeyFamily family() const noexcept { return _family; }

    /// The only algorithm that the key is for, if the JWK names one.
    std::optional<Algorithm> algorithm() const noexcept { return _algorithm; }

    /// The size of the modulus or the curve, in bits.
    int bits() const noexcept { return _bits; }

    /// The verifier for an algorithm, or nullptr if the key is not for it. Lives as long as the key.
    const SignatureVerifier* verifierFor(Algorithm algorithm) const noexcept;

private:
    JsonWebKey(std::optional<std::string> keyId, std::optional<Algorithm> algorithm, KeyFamily family,
               EvpKey key);

    std::optional<std::string> _keyId;
    std::optional<Algorithm> _algorithm;
    KeyFamily _family;
    int _bits;
    std::vector<SignatureVerifier> _verifiers;
};

/// The name of a family as a person would write it: "RSA", "P-256", "P-384", "P-521" or "Ed25519".
std::string_view nameOf(KeyFamily family) noexcept;

}  // namespace changebank::security
