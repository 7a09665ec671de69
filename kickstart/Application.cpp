#include "kickstart/Application.h"

#include <set>

#include "kickstart/JsonValues.h"

namespace changebank::kickstart {

using security::Json;

namespace {

const std::vector<std::string>& usualGrants() {
    static const std::vector<std::string> grants{"authorization_code", "refresh_token"};
    return grants;
}

std::vector<std::string> readRoles(const BodyReader& sent) {
    std::vector<std::string> names;
    for (const auto& role : sent.array("roles")) {
        const auto* name = role.find("name");
        if (!name || !name->string() || name->string()->empty()) {
            sent.refuse("roles", "blank", "each role is an object with a name");
        } else if (std::find(names.begin(), names.end(), *name->string()) != names.end()) {
            sent.refuse("roles", "duplicate", "two roles have the same name");
        } else {
            names.push_back(*name->string());
        }
    }
    return names;
}

}  // namespace

void Application::readFrom(const BodyReader& sent) {
    configuration = sent.json();
    name = sent.requiredString("name");
    active = sent.boolean("active").value_or(true);
    roles = readRoles(sent);
    login = {};
    login.readFrom(sent.object("loginConfiguration"));
    auto secret = std::move(oauth.clientSecret);
    oauth = {};
    oauth.clientId = id.toText();
    oauth.clientSecret = std::move(secret);
    oauth.enabledGrants = usualGrants();
    oauth.readFrom(sent.object("oauthConfiguration"));
    JwtConfiguration checked{id, id};
    checked.readFrom(sent.object("jwtConfiguration"));
    sent.object("jwtConfiguration").boolean("enabled");
}

JwtConfiguration Application::jwtConfiguration(JwtConfiguration ofTenant) const {
    Errors errors;
    const auto own = BodyReader(configuration, "", errors).object("jwtConfiguration");
    if (own.boolean("enabled").value_or(false)) ofTenant.readFrom(own);
    return ofTenant;
}

Json Application::toJson() const {
    return mergedJson(configuration, Json(Json::Object{{"active", Json(active)},
                                                       {"id", jsonText(id.toText())},
                                                       {"insertInstant", jsonInteger(insertInstant)},
                                                       {"lastUpdateInstant", jsonInteger(lastUpdateInstant)},
                                                       {"loginConfiguration", login.toJson()},
                                                       {"name", jsonText(name)},
                                                       {"oauthConfiguration", oauth.toJson()},
                                                       {"state", jsonText(active ? "Active" : "Inactive")},
                                                       {"tenantId", jsonText(tenantId.toText())}}));
}

}  // namespace changebank::kickstart
