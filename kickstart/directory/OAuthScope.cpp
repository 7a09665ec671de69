#include "changebank/kickstart/directory/OAuthScope.h"

#include "changebank/kickstart/values/JsonValues.h"

namespace changebank::kickstart {

namespace {

bool isScopeToken(std::string_view name) {
    return std::all_of(name.begin(), name.end(),
                       [](char c) { return c > ' ' && c < '\x7f' && c != '"' && c != '\\'; });
}

bool isReserved(std::string_view name) {
    return isProvidedScope(name) || name.starts_with("idp-link:") || name.starts_with("source-entity:") ||
           name.starts_with("target-entity:");
}

}  // namespace

void OAuthScope::readFrom(const BodyReader& sent) {
    if (name.empty()) {
        name = sent.requiredString("name");
        if (!isScopeToken(name)) {
            sent.addError("name", "invalid",
                          "must be of printable ASCII characters without space, \" and \\");
        } else if (isReserved(name)) {
            sent.addError("name", "reserved", "FusionAuth reserves this name");
        }
    }
    description = sent.string("description").value_or(description);
}

Poco::JSON::Object OAuthScope::toJson() const {
    auto members = jsonObject({{"applicationId", applicationId.toText()}});
    if (!description.empty()) members.set("description", description);
    members.set("id", id.toText());
    members.set("insertInstant", insertInstant);
    members.set("lastUpdateInstant", lastUpdateInstant);
    members.set("name", name);
    // Nobody is asked for consent.
    members.set("required", false);
    return members;
}

}  // namespace changebank::kickstart
