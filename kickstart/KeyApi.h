#pragma once

#include "kickstart/ApiRouter.h"
#include "kickstart/Directory.h"
#include "security/Clock.h"

namespace changebank::kickstart {

/// FusionAuth's Key API: `POST /api/key/generate[/{keyId}]` generates a key for one of the
/// algorithms of KeyAlgorithm.
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
