#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "changebank/base/http/HttpClient.h"
#include "changebank/kickstart/directory/Event.h"
#include "changebank/kickstart/directory/Webhook.h"
#include "changebank/kickstart/keys/SigningKey.h"

namespace changebank::kickstart {

/// Everything needed to send an event to a webhook, copied from the directory.
struct WebhookDelivery {
    Webhook webhook;
    Event event;
    /// Signs the header X-FusionAuth-Signature-JWT; nullptr for a request without it.
    std::shared_ptr<const SigningKey> signingKey;

    /// For reports.
    std::string toText() const;
    /// Returns why it failed, unless the response has a status from 200 to 299.
    std::optional<std::string> send(const HttpClient& client, const std::stop_token& stopping) const;
};

}  // namespace changebank::kickstart
