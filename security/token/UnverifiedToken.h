#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "changebank/base/text/Json.h"
#include "changebank/security/jose/CompactJws.h"
#include "changebank/security/refusal/Refusal.h"

namespace changebank::security {

/// A token that is taken apart, of which nothing is verified.
struct UnverifiedToken {
    CompactJws jws;
    /// std::nullopt if it is not base64url, or not encoded at all (RFC 7797).
    std::optional<std::string> payload{};
    /// std::nullopt if the payload is not JSON. Any JSON value.
    std::optional<Json> claims{};

    /// The refusal if it is no compact JWS that we understand (CompactJws::parse()).
    static std::variant<UnverifiedToken, Refusal> parse(std::string_view token);

    /// A claim; nullptr if there is none.
    const Json* claim(std::string_view name) const { return claims ? claims->find(name) : nullptr; }
};

}  // namespace changebank::security
