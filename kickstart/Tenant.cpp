#include "kickstart/Tenant.h"

#include "kickstart/JsonValues.h"

namespace changebank::kickstart {

using security::Json;

void Tenant::readFrom(const BodyReader& sent) {
    configuration = mergedJson(configuration, sent.json());
    if (auto newName = sent.string("name")) name = std::move(*newName);
    if (auto newIssuer = sent.string("issuer")) {
        if (newIssuer->empty()) sent.refuse("issuer", "blank", "must not be empty");
        issuer = std::move(*newIssuer);
    }
    jwt.readFrom(sent.object("jwtConfiguration"));
    const auto events = sent.object("eventConfiguration").object("events");
    for (const auto& [type, settings] : *events.json().object()) {
        const auto enabled = events.object(type).boolean("enabled");
        if (enabled == true) enabledEvents.insert(type);
        if (enabled == false) enabledEvents.erase(type);
    }
    loginRequiresApiKey =
        sent.object("loginConfiguration").boolean("requireAuthentication").value_or(loginRequiresApiKey);
}

Json Tenant::toJson() const {
    return mergedJson(
        configuration,
        Json(Json::Object{
            {"id", jsonText(id.toText())},
            {"insertInstant", jsonInteger(insertInstant)},
            {"issuer", jsonText(issuer)},
            {"jwtConfiguration", jwt.toJson()},
            {"lastUpdateInstant", jsonInteger(lastUpdateInstant)},
            {"loginConfiguration", Json(Json::Object{{"requireAuthentication", Json(loginRequiresApiKey)}})},
            {"name", jsonText(name)},
            {"state", jsonText("Active")}}));
}

}  // namespace changebank::kickstart
