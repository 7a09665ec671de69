#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "changebank/base/text/Json.h"
#include "changebank/kickstart/directory/Directory.h"

namespace changebank::kickstart {

/// The claims of a token that one of the state's key pairs has signed and that has not expired at `now`, in
/// seconds since the epoch; std::nullopt for every other text, including tokens signed by an HMAC key. Does
/// not check issuer, audience or type of token.
std::optional<Json> claimsOfIssuedToken(const DirectoryState& state, std::string_view token,
                                        std::int64_t now);

/// A claim as a UUID; std::nullopt if it is absent or not a UUID.
std::optional<Uuid> uuidClaim(const Json& claims, std::string_view name);

}  // namespace changebank::kickstart
