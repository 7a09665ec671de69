#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "changebank/kickstart/values/RandomBytes.h"
#include "changebank/kickstart/values/Uuid.h"

namespace changebank::kickstart {

/// What a user granted a client, and what the client must prove to have it.
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
    /// When the user logged in, which is when the code was issued; milliseconds since the epoch.
    std::int64_t instant = 0;
    /// Whether the code was used, and the refresh token that it gave.
    bool isUsed = false;
    std::optional<Uuid> refreshTokenId{};
};

/// The authorization codes (RFC 6749 section 4.1.2) of the last minutes. Plain data of the directory, which
/// guards it. Instants and times are milliseconds.
class AuthorizationCodes {
public:
    /// How long a code is good.
    static constexpr std::int64_t lifetime = 30'000;
    /// How long it is remembered, so that its reuse is noticed.
    static constexpr std::int64_t memory = 600'000;

    /// A new code of 43 characters, from 32 random bytes.
    std::string issue(AuthorizationGrant grant) {
        forgetOld(grant.instant);
        auto code = randomText();
        _grants.emplace(code, std::move(grant));
        return code;
    }

    /// The grant of a code that is remembered, good or not, or nullptr.
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
