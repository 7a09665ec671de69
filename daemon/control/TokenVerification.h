#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "changebank/daemon/control/DpopRequest.h"
#include "changebank/daemon/control/KeySetSource.h"
#include "changebank/security/dpop/DpopVerifier.h"
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

/// The DPoP proof that came with a token, and the request that it came with.
struct ShownProof {
    std::string proof;
    DpopRequest request;
    security::DpopPolicy policy;
};

/// Verifies tokens as the daemon does, with a fixed key set. Immutable.
class TokenVerification {
public:
    /// `signatureOnly`: accepts any payload with a valid signature. `proof`: tokens must be bound to its key;
    /// without one, bound tokens are refused, and those that are bound to a certificate always. Of a proof,
    /// everything is checked that does not take the daemon's memory: not whether it was used before, nor its
    /// nonce.
    TokenVerification(security::TokenPolicy policy, ReadKeySet keys, bool signatureOnly,
                      std::optional<ShownProof> proof = std::nullopt);

    /// Verifies one token at the time `now`, in seconds since 1970.
    TokenFinding verify(std::string_view token, double now) const;

private:
    std::optional<security::Refusal> checkBinding(std::string_view token,
                                                  const security::Confirmation& confirmation) const;

    security::TokenPolicy _policy;
    ReadKeySet _keys;
    bool _signatureOnly;
    std::optional<ShownProof> _proof;
};

}  // namespace changebank::daemon
