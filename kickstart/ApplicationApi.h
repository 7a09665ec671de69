#pragma once

#include "kickstart/ApiRouter.h"
#include "kickstart/Directory.h"

namespace changebank::kickstart {

/// FusionAuth's Application API: `POST /api/application[/{applicationId}]` creates an application with its
/// roles, the keys and lifetime of its tokens and whether a login needs an API key. Other members are kept
/// and shown again.
class ApplicationApi {
public:
    explicit ApplicationApi(Directory& directory) : _directory(directory) {}

    /// Adds the routes; this object must outlive the router.
    void addTo(ApiRouter& router);

private:
    ApiAnswer create(const ApiCall& call);

    Directory& _directory;
};

}  // namespace changebank::kickstart
