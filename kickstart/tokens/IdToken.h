#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "changebank/kickstart/tokens/AccessToken.h"
#include "changebank/kickstart/tokens/TokenSubject.h"

namespace changebank::kickstart {

/// An id token (OpenID Connect Core 1.0 section 2) in the form of FusionAuth 1.60 and later.
struct IdToken {
    /// What a token is bound to; an empty member binds it to nothing.
    struct Binding {
        /// The claim `nonce`, as the authorization request sent it.
        std::string_view nonce{};
        /// The access token of the same response, for the claim `at_hash`.
        std::string_view accessToken{};
    };

    /// Mints a token for the subject's application at `now`, in seconds since the epoch; returns the compact
    /// JWS. It has the user's email and names if the context's scope has `email` and `profile`, and neither
    /// roles nor applicationId.
    static std::string mint(const TokenSubject& subject, const AuthenticationContext& context,
                            const Binding& binding, std::int64_t now);
};

}  // namespace changebank::kickstart
