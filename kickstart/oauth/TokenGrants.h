#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "changebank/base/text/JsonText.h"
#include "changebank/kickstart/directory/Directory.h"
#include "changebank/kickstart/directory/RefreshTokens.h"
#include "changebank/kickstart/oauth/OAuthClient.h"
#include "changebank/kickstart/oauth/OAuthError.h"

namespace changebank::kickstart {

/// The tokens issued for a grant (RFC 6749 section 5.1, OpenID Connect Core 1.0 section 3.1.3.3).
struct GrantedTokens {
    std::string accessToken;
    /// Seconds since the epoch.
    std::int64_t expiresAt = 0;
    /// How long the access token lives, in seconds.
    std::int64_t expiresIn = 0;
    /// Empty without the scope openid.
    std::string idToken;
    /// std::nullopt without the scope offline_access, or if the application issues none.
    std::optional<RefreshTokens::Issued> refreshToken;
    /// How long the refresh token lives, in seconds.
    std::int64_t refreshTokenExpiresIn = 0;
    std::string scope;
    Uuid userId;

    /// The body of the token endpoint's response.
    Poco::JSON::Object toJson() const;
};

// The exchange of a grant for tokens at `now`, in milliseconds since the epoch: for the token endpoint, after
// it has authenticated the client, and for the hosted backend.

/// RFC 6749 section 4.1.3 with RFC 7636. Uses up the code, also on failure. `isAuthenticated`: whether the
/// client sent its secret, which may replace a code challenge.
std::variant<GrantedTokens, OAuthError> exchangeCode(DirectoryState& state, std::int64_t now,
                                                     const OAuthClient& client, const std::string& code,
                                                     const std::string& redirectUri,
                                                     const std::string& codeVerifier, bool isAuthenticated);

/// RFC 6749 section 6. `scope` restricts the scopes unless it is empty.
std::variant<GrantedTokens, OAuthError> exchangeRefreshToken(DirectoryState& state, std::int64_t now,
                                                             const OAuthClient& client,
                                                             const std::string& refreshToken,
                                                             const std::string& scope = "");

}  // namespace changebank::kickstart
