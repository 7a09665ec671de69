#include "kickstart/Event.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "kickstart/JsonValues.h"

namespace changebank::kickstart {

using security::Json;

std::optional<Event> Event::completion() const {
    constexpr std::array<std::string_view, 6> completed{"user.create",
                                                        "user.update",
                                                        "user.delete",
                                                        "user.registration.create",
                                                        "user.registration.update",
                                                        "user.registration.delete"};
    if (std::find(completed.begin(), completed.end(), type) == completed.end()) return std::nullopt;
    return Event{type + ".complete", tenantId, createInstant, members};
}

Json Event::toJson() const {
    Json::Object event = members;
    event.emplace_back("createInstant", jsonInteger(createInstant));
    event.emplace_back("id", jsonText(id.toText()));
    event.emplace_back("info", Json(Json::Object{}));
    event.emplace_back("tenantId", jsonText(tenantId.toText()));
    event.emplace_back("type", jsonText(type));
    return Json(Json::Object{{"event", Json(std::move(event))}});
}

}  // namespace changebank::kickstart
