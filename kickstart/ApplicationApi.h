#pragma once

#include "kickstart/ApiRouter.h"
#include "kickstart/Directory.h"
#include "security/Clock.h"

namespace changebank::kickstart {

/// FusionAuth's Application API: `POST /api/application[/{applicationId}]` creates an application, `GET`
/// shows all or one, `PATCH` changes one by a JSON merge patch, `DELETE` deactivates one, and with
/// `hardDelete=true` ends it with all its registrations. What has an effect here is said at Application;
/// other members are kept and shown again.
class ApplicationApi {
public:
    ApplicationApi(Directory& directory, const security::Clock& clock)
        : _directory(directory), _clock(clock) {}

    /// Adds the routes; this object must outlive the router.
    void addTo(ApiRouter& router);

private:
    ApiAnswer create(const ApiCall& call);
    ApiAnswer retrieveAll(const ApiCall& call) const;
    ApiAnswer retrieve(const ApiCall& call) const;
    ApiAnswer patch(const ApiCall& call);
    ApiAnswer remove(const ApiCall& call);

    Directory& _directory;
    const security::Clock& _clock;
};

}  // namespace changebank::kickstart
