#include "kickstart/IdentityProvider.h"

namespace changebank::kickstart {

IdentityProvider::IdentityProvider(DirectoryState state, const security::Clock& clock)
    : _directory(std::move(state)),
      _router(_directory),
      _tenants(_directory, clock),
      _keys(_directory, clock),
      _applications(_directory, clock),
      _users(_directory, clock),
      _registrations(_directory, clock),
      _logins(_directory, clock),
      _refreshTokens(_directory, clock),
      _tokens(_directory, clock),
      _webhooks(_directory, clock),
      _discovery(_directory),
      _oauth(_directory, clock) {
    _tenants.addTo(_router);
    _keys.addTo(_router);
    _applications.addTo(_router);
    _users.addTo(_router);
    _registrations.addTo(_router);
    _logins.addTo(_router);
    _refreshTokens.addTo(_router);
    _tokens.addTo(_router);
    _webhooks.addTo(_router);
    _discovery.addTo(_router);
}

}  // namespace changebank::kickstart
