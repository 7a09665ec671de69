#pragma once

#include "kickstart/ApiRouter.h"
#include "kickstart/Directory.h"

namespace changebank::kickstart {

/// What a resource server or a client learns without a key: `GET /.well-known/jwks.json` (RFC 7517 section 5,
/// every public key), `GET /.well-known/openid-configuration` (OpenID Connect Discovery 1.0), both with a
/// tenant's id in front of the path as well, `GET /api/status` and `GET /api/health`. The tenant of the
/// configuration may also be named by the parameter `tenantId`.
class DiscoveryApi {
public:
    explicit DiscoveryApi(const Directory& directory) : _directory(directory) {}

    /// Adds the routes; this object must outlive the router.
    void addTo(ApiRouter& router);

private:
    ApiAnswer jwks(const ApiCall& call) const;
    ApiAnswer openIdConfiguration(const ApiCall& call) const;

    const Directory& _directory;
};

}  // namespace changebank::kickstart
