#pragma once

#include "kickstart/ApiRouter.h"
#include "kickstart/Directory.h"

namespace changebank::kickstart {

/// What a resource server learns without a key: `GET /.well-known/jwks.json` (RFC 7517 section 5, every
/// public key), `GET /.well-known/openid-configuration` (OpenID Connect Discovery 1.0, naming only endpoints
/// that are served) and `GET /api/status`.
class DiscoveryApi {
public:
    explicit DiscoveryApi(const Directory& directory) : _directory(directory) {}

    /// Adds the routes; this object must outlive the router.
    void addTo(ApiRouter& router);

private:
    ApiAnswer jwks() const;
    ApiAnswer openIdConfiguration(const ApiCall& call) const;

    const Directory& _directory;
};

}  // namespace changebank::kickstart
