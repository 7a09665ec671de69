#pragma once

#include "kickstart/ApiRouter.h"
#include "kickstart/Directory.h"
#include "security/Clock.h"

namespace changebank::kickstart {

/// FusionAuth's Login API, `POST /api/login`: 200 with a token and the user; 202 for a user who is not
/// registered with the application, whose token then carries no roles; 400 for a malformed request; 401
/// without the API key that the application or tenant asks for; 404 for an unknown user and for a wrong
/// password alike; 423 for a user who was deactivated.
class LoginApi {
public:
    LoginApi(Directory& directory, const security::Clock& clock) : _directory(directory), _clock(clock) {}

    /// Adds the routes; this object must outlive the router.
    void addTo(ApiRouter& router);

private:
    ApiAnswer login(const ApiCall& call);

    Directory& _directory;
    const security::Clock& _clock;
};

}  // namespace changebank::kickstart
