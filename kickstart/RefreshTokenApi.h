#pragma once

#include "kickstart/ApiRouter.h"
#include "kickstart/Directory.h"
#include "security/Clock.h"

namespace changebank::kickstart {

/// FusionAuth's Refresh Token API under `/api/jwt/refresh`, and `POST /api/logout`. `POST` makes a new access
/// token of a refresh token, `DELETE` revokes one, those of a user, of an application or of both.
class RefreshTokenApi {
public:
    RefreshTokenApi(Directory& directory, const security::Clock& clock)
        : _directory(directory), _clock(clock) {}

    /// Adds the routes; this object must outlive the router.
    void addTo(ApiRouter& router);

private:
    ApiAnswer refresh(const ApiCall& call);
    ApiAnswer revoke(const ApiCall& call);
    ApiAnswer logOut(const ApiCall& call);

    Directory& _directory;
    const security::Clock& _clock;
};

}  // namespace changebank::kickstart
