#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "changebank/daemon/control/KeySetSource.h"
#include "changebank/security/refusal/Refusal.h"
#include "changebank/security/token/Principal.h"
#include "changebank/security/token/TokenPolicy.h"

namespace changebank::daemon {

/// The result of `changebankctl token verify` for one token.
struct TokenFinding {
    bool valid = false;
    /// One line of JSON: `{"valid":true,"header":{…},"claims":{…}}`, with `"payload"` in base64url instead of
    /// the claims if only the signature was checked, or `{"valid":false,"code":"ERR_…","error":"…"}`.
    std::string json;
    /// One line for people.
    std::string text;
};

/// Verifies tokens as the daemon does, with a fixed key set. Immutable.
class TokenVerification {
public:
    /// `signatureOnly`: accepts any payload with a valid signature.
    TokenVerification(security::TokenPolicy policy, ReadKeySet keys, bool signatureOnly);

    /// Verifies one token at the time `now`, in seconds since 1970.
    TokenFinding verify(std::string_view token, double now) const;

private:
    security::TokenPolicy _policy;
    ReadKeySet _keys;
    bool _signatureOnly;
};

}  // namespace changebank::daemon
