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

/// A public key for signatures, described by a JWK (RFC 7517, RFC 7518 section 6, RFC 8037). Checked once at
/// import and then ready to verify. Immutable; usable from any thread.
class JsonWebKey {
public:
    /// Limits of an RSA modulus, in bits (RFC 7518 section 3.3; the maximum bounds the cost of a
    /// verification).
    static constexpr int minModulusBits = 2048;
    static constexpr int maxModulusBits = 8192;
    /// The maximum length of an RSA exponent, in bits.
    static constexpr int maxExponentBits = 64;

    /// Why a key cannot be used, for the operator: one line without key material.
    struct Unusable {
        std::string reason;
    };

    using Imported = std::variant<std::shared_ptr<const JsonWebKey>, Unusable>;

    /// Imports one member of a key set. Rejects unsupported kinds and curves, `use` other than "sig",
    /// `key_ops` without "verify", an `alg` that does not fit the key, private or symmetric members, RSA
    /// moduli that are outside the limits, even or have the ROCA fingerprint (CVE-2017-15361), exponents that
    /// are even, below 3 or too long, points that are not on their curve, and Ed25519 points of small order.
    /// A member that is null counts as absent.
    static Imported import(const Json& jwk);

    /// The maximum length of an RSA modulus in a proof of possession, in bits.
    static constexpr int maxHolderModulusBits = 4096;

    /// Imports a key by which its holder proves to have it, for one algorithm, from the members alone that
    /// make the key, so that equal thumbprints (keyThumbprint()) give equal results. Rejects what import()
    /// rejects in those members, and longer moduli; does without OpenSSL's slow check of the modulus, since a
    /// bad one harms nobody but its holder. Takes microseconds.
    static Imported importHolderKey(const Json& jwk, Algorithm algorithm);

    /// True for a JSON object that may be used for verifying, by its members use, key_ops and alg, without
    /// members that only a private or symmetric key has (RFC 7518 sections 6.2.2, 6.3.2 and 6.4.1), not even
    /// as null.
    static bool isPublic(const Json& jwk);

    /// The member `kid`, if the key has one.
    const std::optional<std::string>& keyId() const noexcept { return _keyId; }

    KeyFamily family() const noexcept { return _family; }

    /// The only algorithm that the key may be used with, if the JWK names one.
    std::optional<Algorithm> algorithm() const noexcept { return _algorithm; }

    /// The size of the modulus or the curve, in bits.
    int bits() const noexcept { return _bits; }

    /// The verifier for an algorithm, or nullptr if the key does not fit it. Valid as long as the key.
    const SignatureVerifier* verifierFor(Algorithm algorithm) const noexcept;

private:
    static Imported make(std::optional<std::string> keyId, std::optional<Algorithm> algorithm,
                         KeyFamily family, EvpKey key);

    JsonWebKey(std::optional<std::string> keyId, std::optional<Algorithm> algorithm, KeyFamily family,
               EvpKey key);

    std::optional<std::string> _keyId;
    std::optional<Algorithm> _algorithm;
    KeyFamily _family;
    int _bits;
    std::vector<SignatureVerifier> _verifiers;
};

/// The family's name for people: "RSA", "P-256", "P-384", "P-521" or "Ed25519".
std::string_view nameOf(KeyFamily family) noexcept;

}  // namespace changebank::security
