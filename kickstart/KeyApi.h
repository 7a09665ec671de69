#pragma once

#include "kickstart/ApiRouter.h"
#include "kickstart/Directory.h"
#include "security/Clock.h"

namespace changebank::kickstart {

/// FusionAuth's Key API: `POST /api/key/generate[/{keyId}]` generates an RS256, RS384, RS512 or ES256 key
/// pair.
class KeyApi {
public:
    KeyApi(Directory& directory, const security::Clock& clock) : _directory(directory), _clock(clock) {}

    /// Adds the routes; this object must outlive the router.
    void addTo(ApiRouter& router);

private:
    ApiAnswer generate(const ApiCall& call);

    Directory& _directory;
    const security::Clock& _clock;
};

}  // namespace changebank::kickstart
