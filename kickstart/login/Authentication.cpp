#include "changebank/kickstart/login/Authentication.h"

namespace changebank::kickstart {

Authentication authenticate(const DirectoryState& state, const Uuid& tenantId, const std::string& loginId,
                            const std::string& password) {
    const auto* user = state.findUser(tenantId, loginId);
    if (!user || !user->password.matches(password)) return {};
    return {user->active ? Authentication::Outcome::authenticated : Authentication::Outcome::locked, *user};
}

void recordLogin(User& user, const std::optional<Uuid>& applicationId, std::int64_t now) {
    user.lastLoginInstant = now;
    const auto found = applicationId ? user.registrations.find(*applicationId) : user.registrations.end();
    if (found != user.registrations.end()) found->second.lastLoginInstant = now;
}

}  // namespace changebank::kickstart
