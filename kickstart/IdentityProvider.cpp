#include "kickstart/IdentityProvider.h"

namespace changebank::kickstart {

IdentityProvider::IdentityProvider(DirectoryState state, const security::Clock& clock, KeyGenerator generator,
                                   const ProviderSettings& settings)
    : _directory(std::move(state)),
      _router(_directory, settings.bodies),
      _authentication(_directory, clock, settings.passwordIterations),
      _tenants(_directory, clock),
      _keys(_directory, clock, std::move(generator)),
      _applications(_directory, clock),
      _users(_directory, _authentication, clock, settings.passwordIterations),
      _registrations(_directory, clock, settings.passwordIterations),
      _logins(_directory, _authentication, clock),
      _secondFactors(_directory, clock),
      _verifications(_directory, clock),
      _refreshTokens(_directory, clock),
      _tokens(_directory, clock),
      _webhooks(_directory, clock),
      _discovery(_directory),
      _oauth(_directory, _authentication, clock, settings.logins, settings.authorizationCodes) {
    _tenants.addTo(_router);
    _keys.addTo(_router);
    _applications.addTo(_router);
    _users.addTo(_router);
    _registrations.addTo(_router);
    _logins.addTo(_router);
    _secondFactors.addTo(_router);
    _verifications.addTo(_router);
    _refreshTokens.addTo(_router);
    _tokens.addTo(_router);
    _webhooks.addTo(_router);
    _discovery.addTo(_router);
}

}  // namespace changebank::kickstart
