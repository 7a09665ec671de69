#pragma once

#include "kickstart/ApiRouter.h"
#include "kickstart/Authentication.h"
#include "kickstart/Directory.h"
#include "security/Clock.h"

namespace changebank::kickstart {

/// FusionAuth's Multi-Factor API, with authenticators as the only method. `GET /api/two-factor/secret` yields
/// a new secret, `POST /api/user/two-factor/{userId}` takes it with a code that proves that the user has it,
/// `DELETE` of the same path takes the method away again, for another code. 421 for a wrong code. A login is
/// completed by LoginApi.
class TwoFactorApi {
public:
    TwoFactorApi(Directory& directory, const security::Clock& clock) : _directory(directory), _clock(clock) {}

    /// Adds the routes; this object must outlive the router.
    void addTo(ApiRouter& router);

private:
    ApiAnswer secret(const ApiCall& call) const;
    ApiAnswer enable(const ApiCall& call);
    ApiAnswer disable(const ApiCall& call);

    Directory& _directory;
    const security::Clock& _clock;
};

}  // namespace changebank::kickstart
