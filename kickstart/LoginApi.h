#pragma once

#include "kickstart/ApiRouter.h"
#include "kickstart/Authentication.h"
#include "kickstart/Directory.h"
#include "kickstart/LoginRequest.h"
#include "security/Clock.h"

namespace changebank::kickstart {

/// FusionAuth's Login API, `POST /api/login`: 200 with a token and the user; 202 for a user who is not
/// registered with the application, whose token then carries no roles; 203 for one who must change the
/// password first; 212 and 213 for one whose email address or registration is not verified, with a token that
/// says so; 242 for one who must show a second factor, which `POST /api/two-factor/login` takes, with 421 for
/// a wrong code; 400 for a malformed request; 401 without the API key that the application or tenant asks
/// for; 404 for an unknown user and for a wrong password alike, at the same cost; 409 and 423 for one who is
/// kept out, 410 for one whose account has ended. `PUT /api/login/{userId}/{applicationId}` notes a login
/// that took place elsewhere and yields a token, too.
class LoginApi {
public:
    LoginApi(Directory& directory, Authentication& authentication, const security::Clock& clock)
        : _directory(directory), _authentication(authentication), _clock(clock) {}

    /// Adds the routes; this object must outlive the router.
    void addTo(ApiRouter& router);

private:
    ApiAnswer login(const ApiCall& call);
    ApiAnswer complete(const ApiCall& call);
    ApiAnswer answerTo(const Authentication::Result& result, const std::optional<Uuid>& applicationId,
                       const LoginRequest& request);
    ApiAnswer ping(const ApiCall& call);

    Directory& _directory;
    Authentication& _authentication;
    const security::Clock& _clock;
};

}  // namespace changebank::kickstart
