#include "changebank/kickstart/tokens/RefreshTokenUse.h"

#include "changebank/kickstart/values/Instant.h"

namespace changebank::kickstart {

std::optional<RefreshTokenUse> RefreshTokenUse::of(DirectoryState& state, std::string_view token,
                                                   std::int64_t now) {
    const auto* found = state.refreshTokens.find(token, now);
    if (!found) return std::nullopt;
    const auto user = state.users.find(found->userId);
    if (!state.applications.contains(found->applicationId) || user == state.users.end() ||
        !user->second.active) {
        return std::nullopt;
    }
    auto subject = TokenSubject::of(state, user->second, found->applicationId);
    auto issued = state.refreshTokens.use(*found, token, subject.jwt);
    return RefreshTokenUse{std::move(issued), *state.refreshTokens.find(found->id, now), std::move(subject)};
}

AuthenticationContext RefreshTokenUse::context() const {
    return {"REFRESH_TOKEN", token.authenticationInstant / millisecondsPerSecond, token.id, token.grants,
            token.scope};
}

}  // namespace changebank::kickstart
