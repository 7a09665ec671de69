#pragma once

#include <utility>

#include "changebank/base/system/Clock.h"
#include "changebank/kickstart/api/Apis.h"
#include "changebank/kickstart/directory/Directory.h"
#include "changebank/kickstart/oauth/OAuthServer.h"

namespace changebank::kickstart {

/// A FusionAuth in memory: its state and all of its APIs that are offered here. May be used by any number of
/// threads.
class IdentityProvider {
public:
    /// Starts with that state.
    IdentityProvider(DirectoryState state, const Clock& clock)
        : _directory(std::move(state)), _router(_directory, clock), _oauth(_directory, clock) {
        // The registrations' paths would be covered by those of users.
        for (const auto add : {addRegistrationApi, addUserApi, addTenantApi, addKeyApi, addApplicationApi,
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
