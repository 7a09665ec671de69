#pragma once

#include "kickstart/ApiRouter.h"
#include "kickstart/Directory.h"
#include "security/Clock.h"

namespace changebank::kickstart {

/// FusionAuth's verification of email addresses and registrations. `PUT /api/user/verify-email?email=…` and
/// `PUT /api/user/verify-registration?email=…&applicationId=…` yield an id and a code, since no mail is sent
/// here; `POST` to the same paths takes them back, of anybody who has them. `POST /api/user/verify-email`
/// with a `userId` verifies an address without either, for the holder of an API key.
class VerificationApi {
public:
    VerificationApi(Directory& directory, const security::Clock& clock)
        : _directory(directory), _clock(clock) {}

    /// Adds the routes; this object must outlive the router.
    void addTo(ApiRouter& router);

private:
    ApiAnswer beginEmail(const ApiCall& call);
    ApiAnswer beginRegistration(const ApiCall& call);
    ApiAnswer verifyEmail(const ApiCall& call);
    ApiAnswer verifyRegistration(const ApiCall& call);

    Directory& _directory;
    const security::Clock& _clock;
};

}  // namespace changebank::kickstart
