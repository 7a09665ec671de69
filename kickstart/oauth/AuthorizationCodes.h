#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <variant>

#include "kickstart/Uuid.h"
#include "kickstart/oauth/ProofKey.h"
#include "kickstart/oauth/Scopes.h"
#include "security/Clock.h"

namespace changebank::kickstart {

/// What a user granted a client, and what the client must prove to have it.
struct AuthorizationGrant {
    Uuid applicationId;
    Uuid userId;
    /// The redirect URI of the authorization request, to be repeated at the token endpoint.
    std::string redirectUri;
    Scopes scopes;
    /// The claim `nonce` of the id token; empty if the client sent none.
    std::string nonce;
    std::optional<ProofKey> proofKey;
    /// When the user showed who he is; milliseconds since the epoch.
    std::int64_t authenticationInstant = 0;
    /// The claim `sid` of the id token.
    Uuid sessionId;
};

/// Authorization codes (RFC 6749 section 4.1.2): each is good once and for a short while. Any number of
/// threads may use them.
class AuthorizationCodes {
public:
    /// How long a used code is remembered, so that its reuse is noticed.
    static constexpr std::chrono::seconds memory{600};

    /// That the code was used before. What it gave then is no longer to be trusted (RFC 6749 section 4.1.2).
    struct Reused {
        /// The refresh token that the code gave, if it gave one.
        std::optional<Uuid> refreshTokenId;
    };
    /// That the code is not known, or no longer good.
    struct Unknown {};

    /// Beyond the capacity the oldest code is forgotten.
    AuthorizationCodes(const security::Clock& clock, std::size_t capacity)
        : _clock(clock), _capacity(capacity) {}

    /// A new code of 43 characters, from 32 random octets, that is good for so long.
    std::string issue(AuthorizationGrant grant, std::chrono::seconds lifetime);

    /// Takes the code: it is used from now on, whatever becomes of the grant.
    std::variant<AuthorizationGrant, Reused, Unknown> redeem(const std::string& code);

    /// Notes what a redeemed code gave. False if the code was used again in the meantime, so that the caller
    /// must take the refresh token back.
    bool noteRefreshToken(const std::string& code, const Uuid& refreshTokenId);

private:
    struct Entry {
        AuthorizationGrant grant;
        security::Clock::Monotonic issued;
        std::chrono::seconds lifetime;
        bool redeemed = false;
        bool reused = false;
        std::optional<Uuid> refreshTokenId;
    };

    void forgetOld();
    void forgetOldest();

    const security::Clock& _clock;
    const std::size_t _capacity;
    std::mutex _mutex;
    std::map<std::string, Entry> _entries;
    /// The codes in the order in which they were issued.
    std::deque<std::string> _order;
};

}  // namespace changebank::kickstart
