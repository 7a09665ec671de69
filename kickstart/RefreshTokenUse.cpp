#include "kickstart/RefreshTokenUse.h"

#include "kickstart/Instant.h"
#include "kickstart/RefreshTokenRevocation.h"

namespace changebank::kickstart {

namespace {

void punishReuse(DirectoryState& state, std::string_view token, std::int64_t now) {
    const auto* successor = state.refreshTokens.findBySpent(token, now);
    if (!successor || !successor->applicationId) return;
    const auto application = state.applications.find(*successor->applicationId);
    const auto& tenant = state.tenants.at(successor->tenantId);
    const auto jwt = application == state.applications.end()
                         ? tenant.jwt
                         : application->second.jwtConfiguration(tenant.jwt);
    if (!jwt.revokesOnOneTimeTokenReuse) return;
    RefreshTokenSelection selection;
    selection.id = successor->id;
    revokeRefreshTokens(state, selection, now);
}

}  // namespace

std::optional<RefreshTokenUse> RefreshTokenUse::of(DirectoryState& state, std::string_view token,
                                                   std::int64_t now) {
    const auto* found = state.refreshTokens.find(token, now);
    if (!found) {
        punishReuse(state, token, now);
        return std::nullopt;
    }
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

}  // namespace changebank::kickstart
