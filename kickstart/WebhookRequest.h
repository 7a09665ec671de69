#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "kickstart/Directory.h"
#include "kickstart/Event.h"
#include "kickstart/SigningKey.h"
#include "kickstart/Webhook.h"

namespace changebank::kickstart {

/// One event on its way to one webhook: everything that is needed to tell it, copied out of the directory.
struct WebhookRequest {
    std::string url;
    std::vector<std::pair<std::string, std::string>> headers;
    /// Signs the header X-FusionAuth-Signature-JWT; none for a request without it.
    std::shared_ptr<const SigningKey> signingKey;
    Event event;
    /// For the whole exchange: FusionAuth's time-outs for the connection and for the answer together.
    std::chrono::milliseconds timeout;

    static WebhookRequest of(const DirectoryState& state, const Webhook& webhook, const Event& event);

    /// Sends the request and waits for the answer. std::nullopt if its status is one of 200 to 299, else what
    /// went wrong, for a person.
    std::optional<std::string> send() const;
};

}  // namespace changebank::kickstart
