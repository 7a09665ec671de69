#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "kickstart/JsonValues.h"
#include "kickstart/Uuid.h"
#include "security/Json.h"

namespace changebank::kickstart {

/// A refresh token as it is kept: what it is good for and until when, and only a digest of its text. One
/// without an application is a single sign-on session, as in FusionAuth. Instants are milliseconds since the
/// epoch.
struct RefreshToken {
    /// Stays the same when a one-time token is replaced. It is the claim `sid` of the access tokens that the
    /// token yields; of a session it is the claim `sid` of the id tokens.
    Uuid id;
    Uuid tenantId;
    Uuid userId;
    std::optional<Uuid> applicationId;
    /// SHA-256 of the token's text.
    std::string digest{};
    std::int64_t insertInstant = 0;
    /// From when its life is counted.
    std::int64_t startInstant = 0;
    std::int64_t expirationInstant = 0;
    /// When and how the user logged in: the claims `auth_time` and `authenticationType`.
    std::int64_t authenticationInstant = 0;
    std::string authenticationType = "PASSWORD";
    /// The claims `gty` and `scope` of the access token that came with it; empty for the Login API.
    std::vector<std::string> grants{};
    std::string scope{};

    bool isExpiredAt(std::int64_t instant) const noexcept { return instant >= expirationInstant; }

    /// The object that FusionAuth's answers show; never the token.
    security::Json toJson() const {
        using security::Json;
        Json::Object members;
        if (applicationId) members.emplace_back("applicationId", jsonText(applicationId->toText()));
        members.emplace_back("id", jsonText(id.toText()));
        members.emplace_back("insertInstant", jsonInteger(insertInstant));
        members.emplace_back("startInstant", jsonInteger(startInstant));
        members.emplace_back("tenantId", jsonText(tenantId.toText()));
        members.emplace_back("userId", jsonText(userId.toText()));
        return Json(std::move(members));
    }
};

}  // namespace changebank::kickstart
