#include "changebank/kickstart/tokens/RefreshTokenRevocation.h"

#include "changebank/kickstart/values/JsonValues.h"

namespace changebank::kickstart {

namespace {

/// For each application concerned, how long an access token may outlive its refresh token.
Poco::JSON::Object timesToLive(const DirectoryState& state, const std::optional<Uuid>& applicationId) {
    auto seconds = jsonObject();
    for (const auto& [id, application] : state.applications) {
        if (applicationId && *applicationId != id) continue;
        seconds.set(id.toText(), state.jwtOf(application).timeToLiveInSeconds);
    }
    return seconds;
}

/// The selection as members of the event: application and user for a single token, only the user for all of a
/// user's, only the application for all of an application's.
Event eventOf(const DirectoryState& state, const RefreshTokenSelection& selection, const RefreshToken& first,
              std::int64_t now) {
    const auto applicationId =
        selection.id ? std::optional<Uuid>(first.applicationId) : selection.applicationId;
    const auto userId = selection.id ? std::optional<Uuid>(first.userId) : selection.userId;
    Event event{"jwt.refresh-token.revoke", first.tenantId, now};
    if (applicationId) event.members.set("applicationId", applicationId->toText());
    event.members.set("applicationTimeToLiveInSeconds", timesToLive(state, applicationId));
    if (selection.id) event.members.set("refreshToken", first.toJson());
    if (userId) {
        event.members.set("userId", userId->toText());
        const auto user = state.users.find(*userId);
        if (user != state.users.end()) event.members.set("user", user->second.toJson());
    }
    return event;
}

}  // namespace

std::size_t revokeRefreshTokens(DirectoryState& state, const RefreshTokenSelection& selection,
                                std::int64_t now) {
    // Expired tokens too, so that none refers to a deleted user or application.
    state.refreshTokens.eraseExpired(now);
    const auto selected = state.refreshTokens.select(selection, now);
    if (selected.empty()) return 0;
    state.publish(eventOf(state, selection, selected.front(), now));
    for (const auto& token : selected) {
        state.refreshTokens.erase(token.id);
    }
    return selected.size();
}

}  // namespace changebank::kickstart
