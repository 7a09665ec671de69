#pragma once

#include "kickstart/ApiRouter.h"
#include "kickstart/Directory.h"
#include "security/Clock.h"

namespace changebank::kickstart {

/// FusionAuth's Refresh Token API under `/api/jwt/refresh`, and `POST /api/logout`. `POST` makes a new access
/// token of a refresh token, `GET` shows those of a user or one, `DELETE` revokes one, those of a user, of an
/// application or of both. One token may also be revoked by its owner, with an access token in place of an
/// API key.
class RefreshTokenApi {
public:
    RefreshTokenApi(Directory& directory, const security::Clock& clock)
        : _directory(directory), _clock(clock) {}

    /// Adds the routes; this object must outlive the router.
    void addTo(ApiRouter& router);

private:
    ApiAnswer refresh(const ApiCall& call);
    ApiAnswer retrieveOne(const ApiCall& call) const;
    ApiAnswer retrieveOfUser(const ApiCall& call) const;
    ApiAnswer revoke(const ApiCall& call);
    ApiAnswer logOut(const ApiCall& call);

    Directory& _directory;
    const security::Clock& _clock;
};

}  // namespace changebank::kickstart
