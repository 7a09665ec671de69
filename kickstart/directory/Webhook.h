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

/// A receiver of events, by HTTP requests to its URL.
struct Webhook {
    /// FusionAuth's default timeouts, in milliseconds.
    static constexpr std::int64_t usualConnectTimeout = 1000;
    static constexpr std::int64_t usualReadTimeout = 2000;

    Uuid id;
    /// With the scheme http: events stay on the developer's machine.
    std::string url{};
    std::set<std::string> events{};
    /// Whether it receives the events of every tenant.
    bool global = true;
    std::vector<Uuid> tenantIds{};
    /// Milliseconds.
    std::int64_t connectTimeout = usualConnectTimeout;
    std::int64_t readTimeout = usualReadTimeout;
    /// The key of the header X-FusionAuth-Signature-JWT; none for unsigned requests.
    std::optional<Uuid> signingKeyId{};
    /// Header fields to send, including Authorization if a user name and a password are set.
    std::vector<std::pair<std::string, std::string>> headers{};
    /// Milliseconds since the epoch.
    std::int64_t insertInstant = 0;

    bool wants(const std::string& event, const Uuid& tenantId) const;

    /// Replaces all members from a request. Adds an error for each invalid value. Does not check that keys
    /// and tenants exist.
    void readFrom(const BodyReader& sent);

    /// The object in FusionAuth's responses, without the header fields.
    Poco::JSON::Object toJson() const;
};

}  // namespace changebank::kickstart
