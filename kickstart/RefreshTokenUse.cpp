#include "kickstart/RefreshTokenUse.h"

#include "kickstart/Instant.h"
#include "kickstart/JsonValues.h"

namespace changebank::kickstart {

std::optional<RefreshTokenUse> RefreshTokenUse::of(DirectoryState& state, std::string_view token,
                                                   std::int64_t now) {
    const auto* found = state.refreshTokens.find(token, now);
    if (!found) return std::nullopt;
    const auto user = state.users.find(found->userId);
    if (!found->applicationId || !state.applications.contains(*found->applicationId) ||
        user == state.users.end() || !user->second.active) {
        return std::nullopt;
    }
    auto subject = TokenSubject::of(state, user->second, found->applicationId);
    auto issued = state.refreshTokens.use(*found, token, subject.jwt, now);
    return RefreshTokenUse{std::move(issued), *state.refreshTokens.find(found->id, now), std::move(subject)};
}

AuthenticationContext RefreshTokenUse::context() const {
    return {"REFRESH_TOKEN", token.authenticationInstant / millisecondsPerSecond, token.id, token.grants,
            token.scope};
}

void publishRefresh(DirectoryState& state, const RefreshTokenUse& use, const std::string& accessToken,
                    const std::string& original, std::int64_t now) {
    Event event{"jwt.refresh", use.subject.tenant.id, now};
    if (use.subject.application) {
        event.members.emplace_back("applicationId", jsonText(use.subject.application->id.toText()));
    }
    if (!original.empty()) event.members.emplace_back("original", jsonText(original));
    event.members.emplace_back("refreshToken", jsonText(use.issued.token));
    event.members.emplace_back("token", jsonText(accessToken));
    event.members.emplace_back("userId", jsonText(use.subject.user.id.toText()));
    state.publish(std::move(event));
}

}  // namespace changebank::kickstart
