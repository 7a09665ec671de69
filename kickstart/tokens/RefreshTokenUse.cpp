#include "changebank/kickstart/tokens/RefreshTokenUse.h"

#include <algorithm>
#include <iterator>

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
    AuthenticationContext context{"REFRESH_TOKEN", token.authenticationInstant / millisecondsPerSecond,
                                  token.id, token.grants, token.scope};
    std::copy_if(
        token.resources.begin(), token.resources.end(), std::back_inserter(context.resources),
        [&](const auto& resource) { return subject.application->oauth.authorizesResource(resource); });
    return context;
}

}  // namespace changebank::kickstart
