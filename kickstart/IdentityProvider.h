#pragma once

#include "kickstart/ApiRouter.h"
#include "kickstart/ApplicationApi.h"
#include "kickstart/Authentication.h"
#include "kickstart/Directory.h"
#include "kickstart/DiscoveryApi.h"
#include "kickstart/JwtApi.h"
#include "kickstart/KeyApi.h"
#include "kickstart/KeyGenerator.h"
#include "kickstart/LoginApi.h"
#include "kickstart/ProviderSettings.h"
#include "kickstart/RefreshTokenApi.h"
#include "kickstart/RegistrationApi.h"
#include "kickstart/TenantApi.h"
#include "kickstart/TwoFactorApi.h"
#include "kickstart/UserApi.h"
#include "kickstart/VerificationApi.h"
#include "kickstart/WebhookApi.h"
#include "kickstart/oauth/OAuthServer.h"
#include "security/Clock.h"

namespace changebank::kickstart {

/// A FusionAuth in memory: its state and all of its APIs that are offered here. May be used by any number of
/// threads.
class IdentityProvider {
public:
    /// Starts with that state: a fresh installation, or one that was kept.
    IdentityProvider(DirectoryState state, const security::Clock& clock, KeyGenerator generator,
                     const ProviderSettings& settings = {});

    const ApiRouter& apis() const noexcept { return _router; }
    OAuthServer& oauth() noexcept { return _oauth; }
    Directory& directory() noexcept { return _directory; }
    Authentication& authentication() noexcept { return _authentication; }

private:
    Directory _directory;
    ApiRouter _router;
    Authentication _authentication;
    TenantApi _tenants;
    KeyApi _keys;
    ApplicationApi _applications;
    UserApi _users;
    RegistrationApi _registrations;
    LoginApi _logins;
    TwoFactorApi _secondFactors;
    VerificationApi _verifications;
    RefreshTokenApi _refreshTokens;
    JwtApi _tokens;
    WebhookApi _webhooks;
    DiscoveryApi _discovery;
    OAuthServer _oauth;
};

}  // namespace changebank::kickstart
