#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "changebank/base/text/Json.h"
#include "changebank/kickstart/values/JsonValues.h"
#include "changebank/kickstart/values/Uuid.h"

namespace changebank::kickstart {

/// Something that happened and that webhooks are told, by FusionAuth's names.
struct Event {
    /// "user.delete", "jwt.refresh-token.revoke", …
    std::string type;
    Uuid tenantId;
    /// Milliseconds since the epoch.
    std::int64_t createInstant = 0;
    /// What this type of event says besides: `user`, `applicationId` and the like.
    Json::Object members{};
    /// By which a receiver knows that it has had an event already.
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
