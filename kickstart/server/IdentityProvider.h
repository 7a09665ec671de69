#pragma once

#include <utility>

#include "changebank/base/system/Clock.h"
#include "changebank/kickstart/api/Apis.h"
#include "changebank/kickstart/directory/Directory.h"
#include "changebank/kickstart/oauth/OAuthServer.h"

namespace changebank::kickstart {

/// FusionAuth's state and APIs in memory, as far as kickstartd supports them. Thread-safe.
class IdentityProvider {
public:
    /// Starts with this state.
    IdentityProvider(DirectoryState state, const Clock& clock)
        : _directory(std::move(state)), _router(_directory, clock), _oauth(_directory, clock) {
        // Registrations before users, whose paths would match theirs.
        for (const auto add :
             {addRegistrationApi, addUserApi, addTenantApi, addKeyApi, addApplicationApi, addScopeApi,
              addLoginApi, addRefreshTokenApi, addJwtApi, addWebhookApi, addDiscoveryApi}) {
            add(_router);
        }
    }

    const ApiRouter& apis() const noexcept { return _router; }
    OAuthServer& oauth() noexcept { return _oauth; }
    Directory& directory() noexcept { return _directory; }

private:
    Directory _directory;
    ApiRouter _router;
    OAuthServer _oauth;
};

}  // namespace changebank::kickstart
