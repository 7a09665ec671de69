#pragma once

#include "kickstart/ApiRouter.h"
#include "kickstart/Directory.h"

namespace changebank::kickstart {

/// FusionAuth's Tenant API: `PATCH /api/tenant/{tenantId}` changes the name, the issuer, the keys and
/// lifetime of tokens and whether a login needs an API key; other members are taken without effect.
class TenantApi {
public:
    explicit TenantApi(Directory& directory) : _directory(directory) {}

    /// Adds the routes; this object must outlive the router.
    void addTo(ApiRouter& router);

private:
    ApiAnswer patch(const ApiCall& call);

    Directory& _directory;
};

}  // namespace changebank::kickstart
