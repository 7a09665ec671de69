#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "changebank/base/text/Json.h"
#include "changebank/kickstart/values/JsonValues.h"
#include "changebank/kickstart/values/Uuid.h"

namespace changebank::kickstart {

/// An event for webhooks, with FusionAuth's names.
struct Event {
    /// "user.delete", "jwt.refresh-token.revoke", …
    std::string type;
    Uuid tenantId;
    /// Milliseconds since the epoch.
    std::int64_t createInstant = 0;
    /// Further members of this type of event: `user`, `applicationId` and the like.
    Poco::JSON::Object members = jsonObject();
    /// Lets a receiver recognize a repeated delivery.
    Uuid id = Uuid::random();

    /// The body of the webhook's request: `{"event":{…}}`.
    Poco::JSON::Object toJson() const {
        auto event = members;
        event.set("createInstant", createInstant);
        event.set("id", id.toText());
        event.set("info", jsonObject());
        event.set("tenantId", tenantId.toText());
        event.set("type", type);
        return jsonObject({{"event", event}});
    }
};

}  // namespace changebank::kickstart
