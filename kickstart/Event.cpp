#include "kickstart/Event.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "kickstart/JsonValues.h"

namespace changebank::kickstart {

using security::Json;

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
