#pragma once

#include "kickstart/ApiRouter.h"
#include "kickstart/Directory.h"
#include "security/Clock.h"

namespace changebank::kickstart {

/// FusionAuth's Webhook API: `POST /api/webhook[/{webhookId}]` creates a webhook, `GET` shows all or one,
/// `DELETE` ends one.
class WebhookApi {
public:
    WebhookApi(Directory& directory, const security::Clock& clock) : _directory(directory), _clock(clock) {}

    /// Adds the routes; this object must outlive the router.
    void addTo(ApiRouter& router);

private:
    ApiAnswer create(const ApiCall& call);
    ApiAnswer retrieveAll(const ApiCall& call) const;
    ApiAnswer retrieve(const ApiCall& call) const;
    ApiAnswer remove(const ApiCall& call);

    Directory& _directory;
    const security::Clock& _clock;
};

}  // namespace changebank::kickstart
