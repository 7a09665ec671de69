#include "kickstart/JsonValues.h"

#include <algorithm>

namespace changebank::kickstart {

using security::Json;

Json mergedJson(const Json& value, const Json& patch) {
    if (!patch.object()) return patch;
    Json::Object members = value.object() ? *value.object() : Json::Object{};
    for (const auto& [name, change] : *patch.object()) {
        const auto found =
            std::find_if(members.begin(), members.end(),
                         [&name = name](const Json::Member& member) { return member.first == name; });
        const bool exists = found != members.end();
        if (change.isNull()) {
            if (exists) members.erase(found);
        } else if (exists) {
            found->second = mergedJson(found->second, change);
        } else {
            members.emplace_back(name, mergedJson(Json(), change));
        }
    }
    return Json(std::move(members));
}

}  // namespace changebank::kickstart
