#pragma once

#include "kickstart/ApiRouter.h"
#include "kickstart/Directory.h"
#include "security/Clock.h"

namespace changebank::kickstart {

/// FusionAuth's Tenant API: `POST /api/tenant[/{tenantId}]` creates a tenant, `GET` shows all or one, `PATCH`
/// changes one by a JSON merge patch. What has an effect here is said at Tenant; other members are kept and
/// shown again.
class TenantApi {
public:
    TenantApi(Directory& directory, const security::Clock& clock) : _directory(directory), _clock(clock) {}

    /// Adds the routes; this object must outlive the router.
    void addTo(ApiRouter& router);

private:
    ApiAnswer create(const ApiCall& call);
    ApiAnswer retrieve(const ApiCall& call) const;
    ApiAnswer retrieveAll(const ApiCall& call) const;
    ApiAnswer change(const ApiCall& call);

    Directory& _directory;
    const security::Clock& _clock;
};

}  // namespace changebank::kickstart
