#pragma once

#include "kickstart/ApiRouter.h"
#include "kickstart/Authentication.h"
#include "kickstart/Directory.h"
#include "security/Clock.h"

namespace changebank::kickstart {

/// FusionAuth's User API: `POST /api/user[/{userId}]` creates a user, `GET` shows one by id, email, username
/// or loginId, `PUT` replaces and `PATCH` changes one, `DELETE` deactivates one, and with `hardDelete=true`
/// ends it; `PUT` with `reactivate=true` takes a deactivation back. `GET` and `POST /api/user/search` find
/// some. `POST /api/user/change-password[/{changePasswordId}]` sets a new password.
class UserApi {
public:
    /// `passwordIterations` is what a password's hash costs; see PasswordHash.
    UserApi(Directory& directory, Authentication& authentication, const security::Clock& clock,
            int passwordIterations)
        : _directory(directory),
          _authentication(authentication),
          _clock(clock),
          _passwordIterations(passwordIterations) {}

    /// Adds the routes; this object must outlive the router.
    void addTo(ApiRouter& router);

private:
    ApiAnswer create(const ApiCall& call);
    ApiAnswer retrieve(const ApiCall& call) const;
    ApiAnswer retrieveByName(const ApiCall& call) const;
    ApiAnswer search(const ApiCall& call) const;
    ApiAnswer change(const ApiCall& call);
    ApiAnswer reactivate(const ApiCall& call);
    ApiAnswer remove(const ApiCall& call);
    ApiAnswer changePasswordById(const ApiCall& call);
    ApiAnswer changePasswordByLogin(const ApiCall& call);

    Directory& _directory;
    Authentication& _authentication;
    const security::Clock& _clock;
    int _passwordIterations;
};

}  // namespace changebank::kickstart
