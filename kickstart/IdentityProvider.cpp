#include "kickstart/IdentityProvider.h"

namespace changebank::kickstart {

namespace {

DirectoryState withApiKeys(DirectoryState state, const std::vector<std::string>& apiKeys) {
    for (const auto& key : apiKeys) {
        state.apiKeys.emplace_back(key);
    }
    return state;
}

}  // namespace

IdentityProvider::IdentityProvider(const InstallationIds& ids, const std::vector<std::string>& apiKeys,
                                   const security::Clock& clock, int passwordIterations)
    : _directory(withApiKeys(freshInstallation(ids, clock), apiKeys)),
      _router(_directory),
      _authentication(_directory, clock, passwordIterations),
      _tenants(_directory, clock),
      _keys(_directory, clock),
      _applications(_directory, clock),
      _registrations(_directory, clock, passwordIterations),
      _logins(_directory, _authentication, clock),
      _discovery(_directory),
      _oauth(_directory, _authentication, clock) {
    _tenants.addTo(_router);
    _keys.addTo(_router);
    _applications.addTo(_router);
    _registrations.addTo(_router);
    _logins.addTo(_router);
    _discovery.addTo(_router);
}

}  // namespace changebank::kickstart
