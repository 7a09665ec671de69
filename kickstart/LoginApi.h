#pragma once

#include "kickstart/ApiRouter.h"
#include "kickstart/Directory.h"
#include "kickstart/PasswordHash.h"
#include "security/Clock.h"

namespace changebank::kickstart {

/// FusionAuth's Login API, `POST /api/login`: 200 with a token and the user; 202 for a user who is not
/// registered with the application, whose token then carries no roles; 400 for a malformed request; 401
/// without the API key that the application or tenant asks for; 404 for an unknown user and for a wrong
/// password alike, at the same cost.
class LoginApi {
public:
    /// `passwordIterations` is what the password of an unknown user costs; see PasswordHash.
    LoginApi(Directory& directory, const security::Clock& clock, int passwordIterations);

    /// Adds the routes; this object must outlive the router.
    void addTo(ApiRouter& router);

private:
    ApiAnswer login(const ApiCall& call);

    Directory& _directory;
    const security::Clock& _clock;
    /// What the password of an unknown user is compared with.
    PasswordHash _nobody;
};

}  // namespace changebank::kickstart
