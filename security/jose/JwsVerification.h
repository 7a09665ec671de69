#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "changebank/base/text/Json.h"
#include "changebank/security/jose/Algorithm.h"
#include "changebank/security/jose/JwkSet.h"
#include "changebank/security/refusal/Refusal.h"

namespace changebank::security {

/// A JWS whose signature was found good.
struct VerifiedJws {
    /// The JOSE header, a JSON object.
    Json header;
    /// The payload's bytes, of any kind.
    std::string payload;
};

/// Judges the JWS alone (RFC 7515 section 5.2), whatever its payload: reads it strictly, picks the key and
/// verifies the signature. The causes come in jose's order: those of CompactJws::parse(),
/// algorithmUnsupported, algorithmNotAllowed, noMatchingKey, multipleMatchingKeys, signatureInvalid,
/// payloadUnencoded, payloadNotBase64Url. Pure and thread-safe.
std::variant<VerifiedJws, Refusal> verifyJws(std::string_view token, const JwkSet& keys,
                                             const AlgorithmSet& allowed);

}  // namespace changebank::security
