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
    Json::Object members{};
    /// Lets a receiver recognize a repeated delivery.
    Uuid id = Uuid::random();

    /// The body of the webhook's request: `{"event":{…}}`.
    Json toJson() const {
        Json::Object event = members;
        event.emplace_back("createInstant", jsonInteger(createInstant));
        event.emplace_back("id", jsonText(id.toText()));
        event.emplace_back("info", Json(Json::Object{}));
        event.emplace_back("tenantId", jsonText(tenantId.toText()));
        event.emplace_back("type", jsonText(type));
        return Json(Json::Object{{"event", Json(std::move(event))}});
    }
};

}  // namespace changebank::kickstart
