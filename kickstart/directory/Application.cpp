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

Poco::JSON::Object Application::toJson() const {
    Poco::JSON::Array roleObjects;
    for (const auto& role : roles) {
        roleObjects.add(jsonObject({{"name", role}}));
    }
    auto members = jsonObject({{"active", active},
                               {"id", id.toText()},
                               {"insertInstant", insertInstant},
                               {"lastUpdateInstant", lastUpdateInstant},
                               {"name", name},
                               {"oauthConfiguration", oauth.toJson()},
                               {"roles", roleObjects},
                               {"tenantId", tenantId.toText()}});
    if (!scopes.empty()) {
        Poco::JSON::Array scopeObjects;
        for (const auto& scope : scopes) {
            scopeObjects.add(scope.toJson());
        }
        members.set("scopes", scopeObjects);
    }
    if (ownJwt) members.set("jwtConfiguration", ownJwt->toJson());
    return members;
}

}  // namespace changebank::kickstart
