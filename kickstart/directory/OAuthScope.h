#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "changebank/base/text/Json.h"
#include "changebank/kickstart/values/BodyReader.h"
#include "changebank/kickstart/values/Uuid.h"

namespace changebank::kickstart {

/// The scopes that every application knows.
inline constexpr std::array<std::string_view, 6> providedScopes{"openid", "offline_access", "profile",
                                                                "email",  "phone",          "address"};

inline bool isProvidedScope(std::string_view name) {
    return std::find(providedScopes.begin(), providedScopes.end(), name) != providedScopes.end();
}

/// A scope of an application's own. Instants are milliseconds since the epoch.
struct OAuthScope {
    Uuid id;
    Uuid applicationId;
    /// As in the parameter `scope`.
    std::string name{};
    std::string description{};
    std::int64_t insertInstant = 0;
    std::int64_t lastUpdateInstant = 0;

    /// Updates the scope from a request; absent members keep their values, and the name never changes once it
    /// is set. Adds an error for each invalid value: a name must be a scope-token (RFC 6749 section 3.3) that
    /// FusionAuth does not reserve.
    void readFrom(const BodyReader& sent);

    /// The object in FusionAuth's responses.
    Poco::JSON::Object toJson() const;
};

}  // namespace changebank::kickstart
