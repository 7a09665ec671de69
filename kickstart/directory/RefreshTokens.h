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

/// Which refresh tokens: those that fit every member that is set. One without any member set fits none.
struct RefreshTokenSelection {
    std::optional<Uuid> id{};
    std::optional<Uuid> userId{};
    std::optional<Uuid> applicationId{};
    /// Narrows the selection down to one tenant; no member by itself.
    std::optional<Uuid> ofTenant{};

    bool fits(const RefreshToken& token) const;
};

/// The refresh tokens that are alive. Plain data of the directory, which guards
/// it. A token's text is known to its holder alone.
class RefreshTokens {
public:
    /// What the holder of a refresh token gets.
    struct Issued {
        Uuid id;
        /// A secret.
        std::string token;
    };

    /// Keeps a token that begins to live at `now`, in milliseconds since the epoch, for as long as the
    /// configuration says. Its digest and times are filled in.
    Issued issue(RefreshToken token, const JwtConfiguration& configuration, std::int64_t now);

    /// The living token of that text or of that id, or nullptr.
    const RefreshToken* find(std::string_view token, std::int64_t now) const;
    const RefreshToken* find(const Uuid& id, std::int64_t now) const;

    /// Uses a token that find() has found for that text, as the configuration of its application says: the
    /// result is the same text or its successor.
    Issued use(const RefreshToken& found, std::string_view token, const JwtConfiguration& configuration);

    /// The living ones of a selection.
    std::vector<RefreshToken> select(const RefreshTokenSelection& selection, std::int64_t now) const;

    /// Forgets a token. See RefreshTokenRevocation.h for the whole act.
    void erase(const Uuid& id) { _tokens.erase(id); }

    /// Forgets those whose time is over.
    void eraseExpired(std::int64_t now);

private:
    std::map<Uuid, RefreshToken> _tokens;
};

}  // namespace changebank::kickstart
