#pragma once

#include <memory>
#include <string>
#include <variant>

#include "changebank/base/text/Json.h"
#include "changebank/security/refusal/Refusal.h"
#include "changebank/security/token/BoundKey.h"

namespace changebank::security {

/// What the bearer of a token must prove besides having it: the claim `cnf` (RFC 7800 section 3.1). If there
/// are two demands, both must be met.
struct Confirmation {
    /// The thumbprint of the key that must sign a proof for each request (`jkt`, RFC 9449 section 6.1).
    /// Empty: no proof is needed.
    std::string keyThumbprint{};
    /// The SHA-256 digest of the client certificate that the connection must have (`x5t#S256`, RFC 8705
    /// section 3.1). Empty: none is needed.
    std::string certificateThumbprint{};
    /// Not nullptr if there is a keyThumbprint.
    std::shared_ptr<const BoundKey> key{};

    /// Reads the claim, which may be nullptr: then nothing is to be proven. Refuses with
    /// Cause::claimUnexpected what is not an object of these members, each 43 characters of base64url, and an
    /// empty object: a demand that we do not know must not be passed over.
    static std::variant<Confirmation, Refusal> read(const Json* claim);
};

}  // namespace changebank::security
