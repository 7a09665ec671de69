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
    /// Whether the access token is bound to a key (RFC 9449): then its type is DPoP, else Bearer.
    bool isBound = false;

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
    /// The thumbprint of the key that it proves to have; see ProvenKey. Empty: none.
    std::string keyThumbprint{};
};

/// RFC 6749 section 4.1.3 with RFC 7636 and RFC 8707. Uses up the code, also on failure. As at FusionAuth, a
/// code for resources needs at least one of them here. With a proven key, the access token and the refresh
/// token are bound to it. As at FusionAuth, the refresh tokens of confidential clients are bound too, which
/// RFC 9449 section 5 leaves unbound. A code with another `dpop_jkt` gets invalid_grant.
std::variant<GrantedTokens, OAuthError> exchangeCode(DirectoryState& state, std::int64_t now,
                                                     const OAuthClient& client, const CodeExchange& sent);

/// What a client sends for a user who has told it the password.
struct PasswordExchange {
    std::string loginId;
    std::string password;
    std::string scope{};
    std::vector<std::string> resources{};
    /// As in CodeExchange.
    std::string keyThumbprint{};
};

/// RFC 6749 section 4.3: a login without a page. Binds the tokens like exchangeCode().
std::variant<GrantedTokens, OAuthError> exchangePassword(DirectoryState& state, std::int64_t now,
                                                         const OAuthClient& client,
                                                         const PasswordExchange& sent);

/// What a client sends with a refresh token.
struct RefreshTokenExchange {
    std::string refreshToken;
    /// Restricts the scopes and the resources of the access token, unless they are empty.
    std::string scope{};
    std::vector<std::string> resources{};
    /// As in CodeExchange.
    std::string keyThumbprint{};
};

/// RFC 6749 section 6. Revokes a token with a scope that the application no longer knows, if its
/// unknownScopePolicy is Reject. A token that is bound to a key (RFC 9449 section 5) gets invalid_grant,
/// which does not use it up, unless the client proves to have that key. With a proven key, the new access
/// token is bound to it; a refresh token that was bound to none stays so.
std::variant<GrantedTokens, OAuthError> exchangeRefreshToken(DirectoryState& state, std::int64_t now,
                                                             const OAuthClient& client,
                                                             const RefreshTokenExchange& sent);

}  // namespace changebank::kickstart
