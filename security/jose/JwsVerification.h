#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "changebank/base/text/Json.h"
#include "changebank/security/jose/Algorithm.h"
#include "changebank/security/jose/CompactJws.h"
#include "changebank/security/jose/JwkSet.h"
#include "changebank/security/refusal/Refusal.h"

namespace changebank::security {

/// A JWS with a valid signature.
struct VerifiedJws {
    /// The JOSE header, a JSON object.
    Json header;
    /// The decoded payload: arbitrary bytes.
    std::string payload;
};

/// The algorithms that signatures may have.
struct AllowedAlgorithms {
    AlgorithmSet all;
    /// Those of a key whose JWK has no `alg`: the same, or fewer, so that each key has one algorithm only
    /// (RFC 8725bis section 3.1).
    AlgorithmSet ofUntypedKeys;

    /// Any of the set with any key.
    static AllowedAlgorithms anyOf(const AlgorithmSet& set) { return {set, set}; }

    /// The first of the set that fits, with a key whose JWK has no `alg`.
    static AllowedAlgorithms oneForEachKey(const AlgorithmSet& set) { return {set, set.firstOfEachFamily()}; }
};

/// Verifies the signature of a JWS (RFC 7515 section 5.2): selects the key and uses it. Returns the refusal
/// if it fails, in jose's order: algorithmUnsupported, algorithmNotAllowed, noMatchingKey,
/// multipleMatchingKeys, signatureInvalid. Pure and thread-safe.
std::optional<Refusal> verifySignature(const CompactJws& jws, const JwkSet& keys,
                                       const AllowedAlgorithms& allowed);

/// Verifies a JWS without looking at its payload. Checks in jose's order: the causes of CompactJws::parse(),
/// those of verifySignature(), payloadUnencoded, payloadNotBase64Url. Pure and thread-safe.
std::variant<VerifiedJws, Refusal> verifyJws(std::string_view token, const JwkSet& keys,
                                             const AllowedAlgorithms& allowed);

/// The same with any of these algorithms and any key that fits it.
inline std::variant<VerifiedJws, Refusal> verifyJws(std::string_view token, const JwkSet& keys,
                                                    const AlgorithmSet& allowed) {
    return verifyJws(token, keys, AllowedAlgorithms::anyOf(allowed));
}

}  // namespace changebank::security
