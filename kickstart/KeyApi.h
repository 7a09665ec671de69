#pragma once

#include "kickstart/ApiRouter.h"
#include "kickstart/Directory.h"
#include "security/Clock.h"

namespace changebank::kickstart {

/// FusionAuth's Key API: `POST /api/key/generate[/{keyId}]` generates a key for one of the algorithms of
/// KeyAlgorithm, `POST /api/key/import[/{keyId}]` takes one that exists, `GET /api/key` shows all or one,
/// `DELETE /api/key/{keyId}` ends one that nothing signs with.
class KeyApi {
public:
    KeyApi(Directory& directory, const security::Clock& clock) : _directory(directory), _clock(clock) {}

    /// Adds the routes; this object must outlive the router.
    void addTo(ApiRouter& router);

private:
    ApiAnswer generate(const ApiCall& call);
    ApiAnswer import(const ApiCall& call);
    ApiAnswer retrieveAll() const;
    ApiAnswer retrieve(const ApiCall& call) const;
    ApiAnswer remove(const ApiCall& call);
    ApiAnswer add(const NamedKey& named);

    Directory& _directory;
    const security::Clock& _clock;
};

}  // namespace changebank::kickstart
