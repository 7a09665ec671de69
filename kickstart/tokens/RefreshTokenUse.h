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

/// The use of a valid refresh token: the token to return, and what a new access token is minted from.
struct RefreshTokenUse {
    RefreshTokens::Issued issued;
    /// The stored refresh token, with its grants and its scope.
    RefreshToken token;
    TokenSubject subject;

    /// Uses a token at `now`, in milliseconds since the epoch. std::nullopt if it is unknown, already used or
    /// expired, or if its user is deactivated or its application deleted.
    static std::optional<RefreshTokenUse> of(DirectoryState& state, std::string_view token, std::int64_t now);

    /// For the new access token: authenticationType REFRESH_TOKEN, the instant of the login, the token's id
    /// as `sid`, its grants, its scope, and those of its resources that the application still
    /// authorizes.
    AuthenticationContext context() const;
};

}  // namespace changebank::kickstart
