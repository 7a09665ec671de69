#include "changebank/kickstart/directory/Tenant.h"

#include "changebank/kickstart/values/JsonValues.h"

namespace changebank::kickstart {

void Tenant::readFrom(const BodyReader& sent) {
    if (sent.has("name")) name = sent.requiredString("name");
    if (sent.has("issuer")) issuer = sent.requiredString("issuer");
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

Poco::JSON::Object Tenant::toJson() const {
    return jsonObject({{"id", id.toText()},
                       {"insertInstant", insertInstant},
                       {"issuer", issuer},
                       {"jwtConfiguration", jwt.toJson()},
                       {"lastUpdateInstant", lastUpdateInstant},
                       {"name", name}});
}

}  // namespace changebank::kickstart
