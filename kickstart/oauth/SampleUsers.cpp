#include "changebank/kickstart/oauth/SampleUsers.h"

#include <algorithm>

namespace changebank::kickstart {

std::vector<SampleUser> sampleUsersOf(const DirectoryState& state, const Uuid& tenantId) {
    std::vector<SampleUser> found;
    for (const auto& login : state.sampleLogins) {
        const auto* user = state.findUser(tenantId, login.loginId);
        const bool isKnown = std::any_of(found.begin(), found.end(),
                                         [&](const SampleUser& earlier) { return &earlier.user == user; });
        if (user && user->active && user->password.matches(login.password) && !isKnown)
            found.push_back({login, *user});
    }
    return found;
}

}  // namespace changebank::kickstart
