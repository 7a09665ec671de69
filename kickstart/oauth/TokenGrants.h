#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

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

/// What a client sends with a code.
struct CodeExchange {
    std::string code;
    std::string redirectUri;
    /// Empty if none was sent.
    std::string codeVerifier;
    /// Whether the client sent its secret, which may replace a code challenge.
    bool isAuthenticated = false;
    std::vector<std::string> resources{};
};

/// RFC 6749 section 4.1.3 with RFC 7636 and RFC 8707. Uses up the code, also on failure. As at FusionAuth, a
/// code for resources needs at least one of them here.
std::variant<GrantedTokens, OAuthError> exchangeCode(DirectoryState& state, std::int64_t now,
                                                     const OAuthClient& client, const CodeExchange& sent);

/// What a client sends with a refresh token.
struct RefreshTokenExchange {
    std::string refreshToken;
    /// Restricts the scopes and the resources of the access token, unless they are empty.
    std::string scope{};
    std::vector<std::string> resources{};
};

/// RFC 6749 section 6. Revokes a token with a scope that the application no longer knows, if its
/// unknownScopePolicy is Reject.
std::variant<GrantedTokens, OAuthError> exchangeRefreshToken(DirectoryState& state, std::int64_t now,
                                                             const OAuthClient& client,
                                                             const RefreshTokenExchange& sent);

}  // namespace changebank::kickstart
