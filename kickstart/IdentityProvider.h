#pragma once

#include "kickstart/ApiRouter.h"
#include "kickstart/ApplicationApi.h"
#include "kickstart/Directory.h"
#include "kickstart/DiscoveryApi.h"
#include "kickstart/JwtApi.h"
#include "kickstart/KeyApi.h"
#include "kickstart/LoginApi.h"
#include "kickstart/RefreshTokenApi.h"
#include "kickstart/RegistrationApi.h"
#include "kickstart/TenantApi.h"
#include "kickstart/UserApi.h"
#include "kickstart/WebhookApi.h"
#include "kickstart/oauth/OAuthServer.h"
#include "security/Clock.h"

namespace changebank::kickstart {

/// A FusionAuth in memory: its state and all of its APIs that are offered here. May be used by any number of
/// threads.
class IdentityProvider {
public:
    /// Starts with that state.
    IdentityProvider(DirectoryState state, const security::Clock& clock);

    const ApiRouter& apis() const noexcept { return _router; }
    OAuthServer& oauth() noexcept { return _oauth; }
    Directory& directory() noexcept { return _directory; }

private:
    Directory _directory;
    ApiRouter _router;
    TenantApi _tenants;
    KeyApi _keys;
    ApplicationApi _applications;
    UserApi _users;
    RegistrationApi _registrations;
    LoginApi _logins;
    RefreshTokenApi _refreshTokens;
    JwtApi _tokens;
    WebhookApi _webhooks;
    DiscoveryApi _discovery;
    OAuthServer _oauth;
};

}  // namespace changebank::kickstart
