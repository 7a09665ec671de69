#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "changebank/base/text/Json.h"
#include "changebank/security/jose/Algorithm.h"
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

/// Verifies a JWS (RFC 7515 section 5.2) without looking at its payload: parses it strictly, selects the key
/// and verifies the signature. Checks in jose's order: the causes of CompactJws::parse(),
/// algorithmUnsupported, algorithmNotAllowed, noMatchingKey, multipleMatchingKeys, signatureInvalid,
/// payloadUnencoded, payloadNotBase64Url. Pure and thread-safe.
std::variant<VerifiedJws, Refusal> verifyJws(std::string_view token, const JwkSet& keys,
                                             const AlgorithmSet& allowed);

}  // namespace changebank::security
