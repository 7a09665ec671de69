#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "changebank/base/text/Json.h"
#include "changebank/kickstart/values/BodyReader.h"
#include "changebank/kickstart/values/Uuid.h"

namespace changebank::kickstart {

/// Somebody who wants to be told of events, by HTTP requests to a URL.
struct Webhook {
    /// What FusionAuth waits for a connection and for a response, in milliseconds.
    static constexpr std::int64_t usualConnectTimeout = 1000;
    static constexpr std::int64_t usualReadTimeout = 2000;

    Uuid id;
    /// With the scheme http: what is told stays on the developer's machine.
    std::string url{};
    std::set<std::string> events{};
    /// Whether it is told of the events of every tenant.
    bool global = true;
    std::vector<Uuid> tenantIds{};
    /// Milliseconds.
    std::int64_t connectTimeout = usualConnectTimeout;
    std::int64_t readTimeout = usualReadTimeout;
    /// The key of the header X-FusionAuth-Signature-JWT; none for unsigned requests.
    std::optional<Uuid> signingKeyId{};
    /// Header fields that are sent along, with Authorization among them if a user name and a password are
    /// set.
    std::vector<std::pair<std::string, std::string>> headers{};
    /// Milliseconds since the epoch.
    std::int64_t insertInstant = 0;

    bool wants(const std::string& event, const Uuid& tenantId) const;

    /// Takes the whole of the webhook from what was sent for it. Notes what cannot be; key and tenant ids are
    /// not looked up.
    void readFrom(const BodyReader& sent);

    /// The object that FusionAuth's responses show, but for the header fields.
    Json toJson() const;
};

}  // namespace changebank::kickstart
