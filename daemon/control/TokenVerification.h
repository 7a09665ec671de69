#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "changebank/daemon/control/KeySetSource.h"
#include "changebank/security/refusal/Refusal.h"
#include "changebank/security/token/Principal.h"
#include "changebank/security/token/TokenPolicy.h"

namespace changebank::daemon {

/// What `changebankctl token verify` found of one token.
struct TokenFinding {
    bool valid = false;
    /// One line of JSON: `{"valid":true,"header":{…},"claims":{…}}`, with `"payload"` in base64url instead of
    /// the claims where the signature alone was judged, or `{"valid":false,"code":"ERR_…","error":"…"}`.
    std::string json;
    /// One line for a person.
    std::string text;
};

/// Judges tokens as the daemon does, by a key set that was read once. Immutable.
class TokenVerification {
public:
    /// `signatureOnly`: any payload passes if its signature is good.
    TokenVerification(security::TokenPolicy policy, ReadKeySet keys, bool signatureOnly);

    /// Judges one token at the time `now`, in seconds since 1970.
    TokenFinding verify(std::string_view token, double now) const;

private:
    security::TokenPolicy _policy;
    ReadKeySet _keys;
    bool _signatureOnly;
};

}  // namespace changebank::daemon
