#pragma once

#include <chrono>
#include <string>
#include <variant>

#include "changebank/kickstart/oauth/OAuthEndpoints.h"
#include "changebank/kickstart/oauth/OAuthError.h"

namespace changebank::kickstart {

/// The key that a token request proves to have (DPoP, RFC 9449 sections 4.3 and 5), with FusionAuth's limits.
struct ProvenKey {
    /// How old a proof may be, and how far the clocks may differ.
    static constexpr std::chrono::seconds maxAge{10};
    static constexpr std::chrono::seconds leeway{15};

    /// The thumbprint of the key; empty if the request has no header DPoP. Else the proof must be signed with
    /// a supported algorithm for this method and this URL, as the caller writes its host, and be new; then it
    /// is used up. Otherwise the error is invalid_dpop_proof. A nonce is not asked for.
    static std::variant<std::string, OAuthError> of(const OAuthCall& call);
};

}  // namespace changebank::kickstart
