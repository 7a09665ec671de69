#include "kickstart/FreshInstallation.h"

#include "kickstart/Instant.h"

namespace changebank::kickstart {

namespace {

constexpr int keyLength = 2048;

void addApplication(DirectoryState& state, const Uuid& id, const std::string& name) {
    Application application{id, state.defaultTenantId, name, {}, {}, {}, {}, true, {}};
    application.hasEveryRole = true;
    state.applications.emplace(id, std::move(application));
}

}  // namespace

DirectoryState freshInstallation(const InstallationIds& ids, const security::Clock& clock) {
    DirectoryState state{ids.tenant, {}, {}, {}, {}, {}};
    state.tenants.emplace(ids.tenant,
                          Tenant{ids.tenant, "Default", "acme.com", ids.signingKey, ids.signingKey});
    state.keys.emplace(ids.signingKey,
                       NamedKey{ids.signingKey, "Default signing key",
                                SigningKey::generate(KeyAlgorithm::rs256, keyLength), instantOf(clock)});
    addApplication(state, *Uuid::parse(administrationApplicationId), "FusionAuth");
    addApplication(state, ids.tenantManagerApplication, "Tenant manager");
    return state;
}

}  // namespace changebank::kickstart
