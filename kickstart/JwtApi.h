#pragma once

#include "kickstart/ApiRouter.h"
#include "kickstart/Directory.h"
#include "security/Clock.h"

namespace changebank::kickstart {

/// FusionAuth's JWT API under `/api/jwt`: `validate` says what a token of ours says, `public-key` shows keys
/// as PEM.
class JwtApi {
public:
    JwtApi(const Directory& directory, const security::Clock& clock) : _directory(directory), _clock(clock) {}

    /// Adds the routes; this object must outlive the router.
    void addTo(ApiRouter& router);

private:
    ApiAnswer validate(const ApiCall& call) const;
    ApiAnswer publicKeys(const ApiCall& call) const;

    const Directory& _directory;
    const security::Clock& _clock;
};

}  // namespace changebank::kickstart
