#include "changebank/kickstart/directory/FreshInstallation.h"

#include "changebank/kickstart/values/Instant.h"

namespace changebank::kickstart {

DirectoryState freshInstallation(const InstallationIds& ids, const Clock& clock,
                                 std::shared_ptr<const SigningKey> key) {
    DirectoryState state{ids.tenant};
    const auto now = instantOf(clock);
    Tenant tenant{ids.tenant, "Default", "acme.com", JwtConfiguration{ids.signingKey, ids.signingKey}};
    tenant.insertInstant = tenant.lastUpdateInstant = now;
    state.tenants.emplace(ids.tenant, std::move(tenant));
    state.keys.emplace(ids.signingKey, NamedKey{ids.signingKey, "Default signing key", std::move(key), now});
    Application administration{*Uuid::parse(administrationApplicationId), ids.tenant, "FusionAuth"};
    administration.hasEveryRole = true;
    administration.oauth.clientId = administrationApplicationId;
    administration.insertInstant = administration.lastUpdateInstant = now;
    state.applications.emplace(administration.id, std::move(administration));
    return state;
}

}  // namespace changebank::kickstart
