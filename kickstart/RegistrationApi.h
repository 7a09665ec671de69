#pragma once

#include "kickstart/ApiRouter.h"
#include "kickstart/Directory.h"
#include "security/Clock.h"

namespace changebank::kickstart {

/// FusionAuth's Registration API: `POST /api/user/registration[/{userId}]` creates a user and registers it
/// with an application, or registers a user that exists if the body has no user; `GET` and `DELETE
/// /api/user/registration/{userId}/{applicationId}` show and end a registration.
class RegistrationApi {
public:
    RegistrationApi(Directory& directory, const security::Clock& clock)
        : _directory(directory), _clock(clock) {}

    /// Adds the routes; this object must outlive the router.
    void addTo(ApiRouter& router);

private:
    ApiAnswer create(const ApiCall& call);
    ApiAnswer retrieve(const ApiCall& call) const;
    ApiAnswer remove(const ApiCall& call);

    Directory& _directory;
    const security::Clock& _clock;
};

}  // namespace changebank::kickstart
