#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "kickstart/AccessToken.h"
#include "kickstart/Directory.h"
#include "kickstart/RefreshTokens.h"
#include "kickstart/TokenSubject.h"

namespace changebank::kickstart {

/// What a good refresh token yields: the token to hand back, and what a new access token is minted from.
struct RefreshTokenUse {
    RefreshTokens::Issued issued;
    /// What the refresh token is good for, with its grants and its scope.
    RefreshToken token;
    TokenSubject subject;

    /// Uses a token at `now`, in milliseconds since the epoch. std::nullopt if it is unknown, used up or
    /// expired, is a single sign-on session, or if its user was deactivated or its application is gone.
    static std::optional<RefreshTokenUse> of(DirectoryState& state, std::string_view token, std::int64_t now);

    /// For the new access token: authenticationType REFRESH_TOKEN, the instant of the login, the token's id
    /// as `sid`, its grants and scope.
    AuthenticationContext context() const;
};

/// Publishes the event `jwt.refresh`: that a refresh token was used for that access token, in place of an
/// older one if the caller has said which.
void publishRefresh(DirectoryState& state, const RefreshTokenUse& use, const std::string& accessToken,
                    const std::string& original, std::int64_t now);

}  // namespace changebank::kickstart
