#include "kickstart/oauth/SsoSession.h"

#include "kickstart/Limits.h"
#include "kickstart/RefreshTokenRevocation.h"

namespace changebank::kickstart {

namespace {

JwtConfiguration configurationOf(const Tenant& tenant) {
    auto configuration = tenant.jwt;
    configuration.refreshTokenTimeToLiveInMinutes = sessionLifetime.count();
    configuration.refreshTokenUsage = RefreshTokenUsage::reusable;
    configuration.refreshTokenExpiration = RefreshTokenExpiration::slidingWindow;
    return configuration;
}

}  // namespace

SsoSession::Begun SsoSession::begin(DirectoryState& state, const User& user, std::int64_t now) {
    RefreshToken token{Uuid::random(), user.tenantId, user.id, std::nullopt};
    token.authenticationInstant = now;
    auto issued = state.refreshTokens.issue(token, configurationOf(state.tenants.at(user.tenantId)), now);
    return {{issued.id, user, now}, std::move(issued.token)};
}

std::optional<SsoSession> SsoSession::find(DirectoryState& state, const std::string& cookie,
                                           const Uuid& tenantId, std::int64_t now) {
    const auto* token = cookie.empty() ? nullptr : state.refreshTokens.find(cookie, now);
    if (!token || token->applicationId || token->tenantId != tenantId) return std::nullopt;
    const auto user = state.users.find(token->userId);
    if (user == state.users.end() || !user->second.active) return std::nullopt;
    SsoSession session{token->id, user->second, token->authenticationInstant};
    state.refreshTokens.use(*token, cookie, configurationOf(state.tenants.at(tenantId)), now);
    return session;
}

void SsoSession::end(DirectoryState& state, const std::string& cookie, std::int64_t now) {
    const auto* token = cookie.empty() ? nullptr : state.refreshTokens.find(cookie, now);
    if (!token || token->applicationId) return;
    revokeRefreshTokens(state, {.id = token->id}, now);
}

}  // namespace changebank::kickstart
