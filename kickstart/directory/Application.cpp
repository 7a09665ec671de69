#include "changebank/kickstart/directory/Application.h"

#include "changebank/kickstart/values/JsonValues.h"

namespace changebank::kickstart {

namespace {

std::vector<std::string> readRoleNames(const BodyReader& sent) {
    std::vector<std::string> names;
    for (const auto& role : sent.array("roles")) {
        const auto* name = role.string() ? &role : role.find("name");
        if (!name || !name->string() || name->string()->empty()) {
            sent.addError("roles", "blank", "each role is a name or an object with a name");
        } else if (std::find(names.begin(), names.end(), *name->string()) != names.end()) {
            sent.addError("roles", "duplicate", "two roles have the same name");
        } else {
            names.push_back(*name->string());
        }
    }
    return names;
}

}  // namespace

void Application::readFrom(const BodyReader& sent, const JwtConfiguration& ofTenant) {
    if (sent.has("name")) name = sent.requiredString("name");
    active = sent.boolean("active").value_or(active);
    if (sent.has("roles")) roles = readRoleNames(sent);
    const auto login = sent.object("loginConfiguration");
    loginRequiresApiKey = login.boolean("requireAuthentication").value_or(loginRequiresApiKey);
    loginYieldsRefreshToken = login.boolean("generateRefreshTokens").value_or(loginYieldsRefreshToken);
    allowsTokenRefresh = login.boolean("allowTokenRefresh").value_or(allowsTokenRefresh);
    oauth.readFrom(sent.object("oauthConfiguration"));
    const auto jwt = sent.object("jwtConfiguration");
    const bool hasOwn = jwt.boolean("enabled").value_or(ownJwt.has_value());
    ownJwt = hasOwn ? std::optional(ownJwt.value_or(ofTenant)) : std::nullopt;
    if (ownJwt) ownJwt->readFrom(jwt);
}

Json Application::toJson() const {
    Json::Array roleObjects;
    for (const auto& role : roles) {
        roleObjects.emplace_back(Json::Object{{"name", jsonText(role)}});
    }
    Json::Object members{{"active", Json(active)},
                         {"id", jsonText(id.toText())},
                         {"insertInstant", jsonInteger(insertInstant)},
                         {"lastUpdateInstant", jsonInteger(lastUpdateInstant)},
                         {"name", jsonText(name)},
                         {"oauthConfiguration", oauth.toJson()},
                         {"roles", Json(std::move(roleObjects))},
                         {"tenantId", jsonText(tenantId.toText())}};
    if (ownJwt) members.emplace_back("jwtConfiguration", ownJwt->toJson());
    return Json(std::move(members));
}

}  // namespace changebank::kickstart
