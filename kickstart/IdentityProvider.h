#pragma once

#include <string>
#include <vector>

#include "kickstart/ApiRouter.h"
#include "kickstart/ApplicationApi.h"
#include "kickstart/Authentication.h"
#include "kickstart/Directory.h"
#include "kickstart/DiscoveryApi.h"
#include "kickstart/FreshInstallation.h"
#include "kickstart/KeyApi.h"
#include "kickstart/LoginApi.h"
#include "kickstart/PasswordHash.h"
#include "kickstart/RegistrationApi.h"
#include "kickstart/TenantApi.h"
#include "kickstart/oauth/OAuthServer.h"
#include "security/Clock.h"

namespace changebank::kickstart {

/// A FusionAuth in memory: its state and all of its APIs that are offered here. May be used by any number of
/// threads.
class IdentityProvider {
public:
    /// Starts as a fresh installation that knows these API keys.
    IdentityProvider(const InstallationIds& ids, const std::vector<std::string>& apiKeys,
                     const security::Clock& clock, int passwordIterations = PasswordHash::defaultIterations);

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
    RegistrationApi _registrations;
    LoginApi _logins;
    DiscoveryApi _discovery;
    OAuthServer _oauth;
};

}  // namespace changebank::kickstart
