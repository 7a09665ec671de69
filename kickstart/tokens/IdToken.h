#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "changebank/kickstart/tokens/AccessToken.h"
#include "changebank/kickstart/tokens/TokenSubject.h"

namespace changebank::kickstart {

/// An id token (OpenID Connect Core 1.0 section 2) as FusionAuth has written it since version 1.60.
struct IdToken {
    /// What a token is bound to; empty texts bind it to nothing.
    struct Binding {
        /// The claim `nonce`, as the authorization request sent it.
        std::string_view nonce{};
        /// The access token of the same response, for the claim `at_hash`.
        std::string_view accessToken{};
    };

    /// Mints one for the subject's application at `now`, in seconds since the epoch; the compact JWS. It has
    /// the user's names as far as the scope of the context has `email` and `profile`, and neither roles nor
    /// applicationId.
    static std::string mint(const TokenSubject& subject, const AuthenticationContext& context,
                            const Binding& binding, std::int64_t now);
};

}  // namespace changebank::kickstart
