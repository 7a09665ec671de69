#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "changebank/base/text/Json.h"
#include "changebank/kickstart/values/JsonValues.h"
#include "changebank/kickstart/values/Uuid.h"

namespace changebank::kickstart {

/// A stored refresh token, with a digest of its text instead of the text. Instants are milliseconds since the
/// epoch.
struct RefreshToken {
    /// Kept when a one-time token is replaced. The claim `sid` of the access tokens issued for it.
    Uuid id;
    Uuid tenantId;
    Uuid userId;
    Uuid applicationId;
    /// SHA-256 of the token's text.
    std::string digest{};
    std::int64_t insertInstant = 0;
    std::int64_t expirationInstant = 0;
    /// When and how the user logged in: the claims `auth_time` and `authenticationType`.
    std::int64_t authenticationInstant = 0;
    std::string authenticationType = "PASSWORD";
    /// The claims `gty` and `scope` of the access token that came with it; empty for the Login API.
    std::vector<std::string> grants{};
    std::string scope{};
    /// The resources in its claim `aud`.
    std::vector<std::string> resources{};
    /// The thumbprint of the key that must be proven with each use (RFC 9449 section 5). Empty: none.
    std::string keyThumbprint{};

    bool isExpiredAt(std::int64_t instant) const noexcept { return instant >= expirationInstant; }

    /// The object in FusionAuth's responses; without the token.
    Poco::JSON::Object toJson() const {
        auto members = jsonObject({{"applicationId", applicationId.toText()},
                                   {"id", id.toText()},
                                   {"insertInstant", insertInstant}});
        if (!resources.empty()) members.set("metaData", jsonObject({{"resources", jsonTexts(resources)}}));
        members.set("tenantId", tenantId.toText());
        members.set("userId", userId.toText());
        return members;
    }
};

}  // namespace changebank::kickstart
