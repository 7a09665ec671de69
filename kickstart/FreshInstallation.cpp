#include "kickstart/FreshInstallation.h"

#include "kickstart/Instant.h"

namespace changebank::kickstart {

namespace {

void addApplication(DirectoryState& state, const Uuid& id, const std::string& name, std::int64_t now) {
    Application application{id, state.defaultTenantId, name};
    application.hasEveryRole = true;
    application.oauth.clientId = id.toText();
    application.insertInstant = application.lastUpdateInstant = now;
    state.applications.emplace(id, std::move(application));
}

}  // namespace

DirectoryState freshInstallation(const InstallationIds& ids, const security::Clock& clock,
                                 std::shared_ptr<const SigningKey> key) {
    DirectoryState state{ids.tenant};
    const auto now = instantOf(clock);
    Tenant tenant{ids.tenant, "Default", "acme.com", JwtConfiguration{ids.signingKey, ids.signingKey}};
    tenant.insertInstant = tenant.lastUpdateInstant = now;
    state.tenants.emplace(ids.tenant, std::move(tenant));
    state.keys.emplace(ids.signingKey, NamedKey{ids.signingKey, "Default signing key", std::move(key), now});
    addApplication(state, *Uuid::parse(administrationApplicationId), "FusionAuth", now);
    addApplication(state, ids.tenantManagerApplication, "Tenant manager", now);
    return state;
}

}  // namespace changebank::kickstart
