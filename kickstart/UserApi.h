#pragma once

#include "kickstart/ApiRouter.h"
#include "kickstart/Directory.h"
#include "security/Clock.h"

namespace changebank::kickstart {

/// FusionAuth's User API: `POST /api/user[/{userId}]` creates a user, `GET` shows one by id, email, username
/// or loginId, `PATCH` changes one, `DELETE` deactivates one, and with `hardDelete=true` ends it; `PUT` with
/// `reactivate=true` takes a deactivation back.
class UserApi {
public:
    UserApi(Directory& directory, const security::Clock& clock) : _directory(directory), _clock(clock) {}

    /// Adds the routes; this object must outlive the router.
    void addTo(ApiRouter& router);

private:
    ApiAnswer create(const ApiCall& call);
    ApiAnswer retrieve(const ApiCall& call) const;
    ApiAnswer retrieveByName(const ApiCall& call) const;
    ApiAnswer change(const ApiCall& call);
    ApiAnswer reactivate(const ApiCall& call);
    ApiAnswer remove(const ApiCall& call);

    Directory& _directory;
    const security::Clock& _clock;
};

}  // namespace changebank::kickstart
