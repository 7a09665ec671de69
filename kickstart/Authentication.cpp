#include "kickstart/Authentication.h"

#include "kickstart/JsonValues.h"

namespace changebank::kickstart {

Authentication authenticate(const DirectoryState& state, const Uuid& tenantId, const std::string& loginId,
                            const std::string& password) {
    const auto* user = state.findUser(tenantId, loginId);
    if (!user || !user->password.matches(password)) return {};
    return {user->active ? Authentication::Outcome::authenticated : Authentication::Outcome::locked, *user};
}

void recordLogin(DirectoryState& state, User& user, const std::optional<Uuid>& applicationId,
                 std::int64_t now) {
    user.lastLoginInstant = now;
    Event event{"user.login.success", user.tenantId, now};
    if (applicationId) {
        const auto registration = user.registrations.find(*applicationId);
        if (registration != user.registrations.end()) registration->second.lastLoginInstant = now;
        event.members.emplace_back("applicationId", jsonText(applicationId->toText()));
    }
    event.members.emplace_back("authenticationType", jsonText("PASSWORD"));
    event.members.emplace_back("user", user.toJson());
    state.publish(std::move(event));
}

}  // namespace changebank::kickstart
