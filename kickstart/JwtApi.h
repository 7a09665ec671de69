#pragma once

#include "kickstart/ApiRouter.h"
#include "kickstart/Directory.h"
#include "security/Clock.h"

namespace changebank::kickstart {

/// FusionAuth's JWT API under `/api/jwt`: `validate` says what a token of ours says, `issue` makes a token
/// for another application of one that is good, `vend` signs what a holder of an API key likes, `public-key`
/// shows keys as PEM.
class JwtApi {
public:
    JwtApi(Directory& directory, const security::Clock& clock) : _directory(directory), _clock(clock) {}

    /// Adds the routes; this object must outlive the router.
    void addTo(ApiRouter& router);

private:
    ApiAnswer validate(const ApiCall& call) const;
    ApiAnswer issue(const ApiCall& call);
    ApiAnswer vend(const ApiCall& call) const;
    ApiAnswer publicKeys(const ApiCall& call) const;

    Directory& _directory;
    const security::Clock& _clock;
};

}  // namespace changebank::kickstart
