#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "changebank/kickstart/directory/Directory.h"
#include "changebank/kickstart/directory/RefreshTokens.h"
#include "changebank/kickstart/tokens/AccessToken.h"
#include "changebank/kickstart/tokens/TokenSubject.h"

namespace changebank::kickstart {

/// What a good refresh token yields: the token to hand back, and what a new access token is minted from.
struct RefreshTokenUse {
    RefreshTokens::Issued issued;
    /// What the refresh token is good for, with its grants and its scope.
    RefreshToken token;
    TokenSubject subject;

    /// Uses a token at `now`, in milliseconds since the epoch. std::nullopt if it is unknown, used up or
    /// expired, or if its user was deactivated or its application is gone.
    static std::optional<RefreshTokenUse> of(DirectoryState& state, std::string_view token, std::int64_t now);

    /// For the new access token: authenticationType REFRESH_TOKEN, the instant of the login, the token's id
    /// as `sid`, its grants and scope.
    AuthenticationContext context() const;
};

}  // namespace changebank::kickstart
