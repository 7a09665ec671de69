#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "kickstart/Uuid.h"

namespace changebank::kickstart {

/// When and how a user logged in, and what for: what tokens say of it.
struct AuthenticationContext {
    /// The claim `authenticationType`: "PASSWORD", "REFRESH_TOKEN", "JWT_SSO", …
    std::string type = "PASSWORD";
    /// The claim `auth_time`, in seconds since the epoch: when the user logged in, however often the tokens
    /// have been refreshed since.
    std::int64_t instant = 0;
    /// The claim `sid`: in an access token the id of the refresh token that came with it, in an id token that
    /// of the single sign-on session.
    std::optional<Uuid> sid{};
    /// The claim `gty`: the OAuth grants that led here, in their order; empty for a token of another API.
    std::vector<std::string> grants{};
    /// The claim `scope`; empty for a token of another API.
    std::string scope{};
};

}  // namespace changebank::kickstart
