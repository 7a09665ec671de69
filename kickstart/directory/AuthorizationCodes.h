#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "changebank/kickstart/values/RandomBytes.h"
#include "changebank/kickstart/values/Uuid.h"

namespace changebank::kickstart {

/// What a user granted a client, and what the client must prove to redeem it.
struct AuthorizationGrant {
    Uuid applicationId;
    Uuid userId;
    /// The redirect URI of the authorization request, to be repeated at the token endpoint.
    std::string redirectUri;
    std::string scope;
    /// The claim `nonce` of the id token; empty if the client sent none.
    std::string nonce;
    /// The code challenge; empty if the client sent none.
    std::string challenge;
    /// When the user logged in and the code was issued, in milliseconds since the epoch.
    std::int64_t instant = 0;
    /// Whether the code was used, and the refresh token issued for it.
    bool isUsed = false;
    std::optional<Uuid> refreshTokenId{};
    /// The authorized resources of the request.
    std::vector<std::string> resources{};
    /// The thumbprint of the key that the client must prove to have (`dpop_jkt`, RFC 9449 section 10); empty
    /// if the client sent none.
    std::string keyThumbprint{};
};

/// The recent authorization codes (RFC 6749 section 4.1.2). Not thread-safe; Directory locks it. All times
/// are in milliseconds.
class AuthorizationCodes {
public:
    /// How long a code is valid.
    static constexpr std::int64_t lifetime = 30'000;
    /// How long it is kept, to detect its reuse.
    static constexpr std::int64_t memory = 600'000;

    /// Issues a code: 43 characters that encode 32 random bytes.
    std::string issue(AuthorizationGrant grant) {
        forgetOld(grant.instant);
        auto code = randomText();
        _grants.emplace(code, std::move(grant));
        return code;
    }

    /// The grant of a code, valid or expired; nullptr if it is unknown or no longer kept.
    AuthorizationGrant* find(const std::string& code, std::int64_t now) {
        forgetOld(now);
        const auto found = _grants.find(code);
        return found == _grants.end() ? nullptr : &found->second;
    }

private:
    void forgetOld(std::int64_t now) {
        std::erase_if(_grants, [now](const auto& entry) { return now - entry.second.instant >= memory; });
    }

    std::map<std::string, AuthorizationGrant> _grants;
};

}  // namespace changebank::kickstart
