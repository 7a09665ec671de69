#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "changebank/kickstart/directory/JwtConfiguration.h"
#include "changebank/kickstart/directory/RefreshToken.h"
#include "changebank/kickstart/values/Uuid.h"

namespace changebank::kickstart {

/// Selects the refresh tokens that match every member that is set; none if no member is set.
struct RefreshTokenSelection {
    std::optional<Uuid> id{};
    std::optional<Uuid> userId{};
    std::optional<Uuid> applicationId{};
    /// Restricts the selection to one tenant; does not select by itself.
    std::optional<Uuid> ofTenant{};

    bool fits(const RefreshToken& token) const;
};

/// The valid refresh tokens, stored by digest. Not thread-safe; Directory locks it.
class RefreshTokens {
public:
    /// What the client receives.
    struct Issued {
        Uuid id;
        /// A secret.
        std::string token;
    };

    /// Stores a token that is valid from `now`, in milliseconds since the epoch, for the lifetime in the
    /// configuration. Sets its digest and times.
    Issued issue(RefreshToken token, const JwtConfiguration& configuration, std::int64_t now);

    /// The valid token with this text or this id, or nullptr.
    const RefreshToken* find(std::string_view token, std::int64_t now) const;
    const RefreshToken* find(const Uuid& id, std::int64_t now) const;

    /// Uses a token that find() returned for this text: returns the same text, or a new one if the
    /// configuration makes tokens one-time.
    Issued use(const RefreshToken& found, std::string_view token, const JwtConfiguration& configuration);

    /// The valid tokens of a selection.
    std::vector<RefreshToken> select(const RefreshTokenSelection& selection, std::int64_t now) const;

    /// Deletes a token, without the events; see RefreshTokenRevocation.h.
    void erase(const Uuid& id) { _tokens.erase(id); }

    /// Deletes expired tokens.
    void eraseExpired(std::int64_t now);

private:
    std::map<Uuid, RefreshToken> _tokens;
};

}  // namespace changebank::kickstart
