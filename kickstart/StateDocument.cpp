#include "kickstart/StateDocument.h"

#include <set>

#include "kickstart/BodyReader.h"
#include "kickstart/JsonValues.h"
#include "security/Base64Url.h"

namespace changebank::kickstart {

using security::Json;

namespace {

constexpr const char* version = "1";

Json octets(const std::string& value) {
    return Json(security::encodeBase64Url(value));
}

Json idOrNull(const std::optional<Uuid>& id) {
    return id ? jsonText(id->toText()) : Json();
}

template <typename Values, typename Write>
Json arrayOf(const Values& values, Write write) {
    Json::Array elements;
    for (const auto& value : values) {
        elements.push_back(write(value));
    }
    return Json(std::move(elements));
}

template <typename Values, typename Write>
Json arrayOfMapped(const Values& values, Write write) {
    return arrayOf(values, [&](const auto& entry) { return write(entry.second); });
}

Json writeKey(const NamedKey& named) {
    const auto& key = *named.key;
    return Json(Json::Object{{"id", jsonText(named.id.toText())},
                             {"name", jsonText(named.name)},
                             {"algorithm", jsonText(nameOf(key.algorithm()))},
                             {"kid", jsonText(key.kid())},
                             {"secret", octets(key.secret())},
                             {"insertInstant", jsonInteger(named.insertInstant)}});
}

Json writeApplication(const Application& application) {
    return mergedJson(application.toJson(),
                      Json(Json::Object{{"hasEveryRole", Json(application.hasEveryRole)}}));
}

Json writeTwoFactorMethod(const TwoFactorMethod& method) {
    Json::Object members{{"id", jsonText(method.id)}, {"secret", octets(method.secret)}};
    if (method.lastStep != 0) members.emplace_back("lastStep", jsonInteger(method.lastStep));
    return Json(std::move(members));
}

Json writeUser(const User& user) {
    Json::Object members{{"id", jsonText(user.id.toText())},
                         {"tenantId", jsonText(user.tenantId.toText())},
                         {"email", jsonText(user.email)},
                         {"username", jsonText(user.username)},
                         {"password", jsonText(user.password.toText())},
                         {"profile", Json(user.profile)},
                         {"active", Json(user.active)},
                         {"passwordChangeRequired", Json(user.passwordChangeRequired)},
                         {"insertInstant", jsonInteger(user.insertInstant)},
                         {"lastUpdateInstant", jsonInteger(user.lastUpdateInstant)},
                         {"passwordLastUpdateInstant", jsonInteger(user.passwordLastUpdateInstant)},
                         {"registrations", arrayOfMapped(user.registrations, [](const Registration& each) {
                              return each.toJson();
                          })}};
    const auto addInstant = [&](const char* name, std::int64_t instant) {
        if (instant != 0) members.emplace_back(name, jsonInteger(instant));
    };
    addInstant("lastLoginInstant", user.lastLoginInstant);
    addInstant("lockedUntil", user.lockedUntil);
    addInstant("expiry", user.expiry.value_or(0));
    members.emplace_back("verified", Json(user.verifiedInstant != 0));
    addInstant("verifiedInstant", user.verifiedInstant);
    members.emplace_back("twoFactorMethods", arrayOf(user.twoFactorMethods, writeTwoFactorMethod));
    members.emplace_back("recoveryCodes", jsonTexts(user.recoveryCodes));
    return Json(std::move(members));
}

Json writeApiKey(const ApiKey& key) {
    Json::Object members{{"digest", octets(key.digest())}};
    if (key.permissions()) {
        Json::Object endpoints;
        for (const auto& [api, methods] : *key.permissions()) {
            endpoints.emplace_back(api, jsonTexts(methods));
        }
        members.emplace_back("permissions", Json(std::move(endpoints)));
    }
    if (key.tenantId()) members.emplace_back("tenantId", idOrNull(key.tenantId()));
    return Json(std::move(members));
}

Json writeRefreshToken(const RefreshToken& token) {
    return Json(Json::Object{{"id", jsonText(token.id.toText())},
                             {"tenantId", jsonText(token.tenantId.toText())},
                             {"userId", jsonText(token.userId.toText())},
                             {"applicationId", idOrNull(token.applicationId)},
                             {"digest", octets(token.digest)},
                             {"usedDigests", arrayOf(token.usedDigests, octets)},
                             {"insertInstant", jsonInteger(token.insertInstant)},
                             {"startInstant", jsonInteger(token.startInstant)},
                             {"expirationInstant", jsonInteger(token.expirationInstant)},
                             {"authenticationInstant", jsonInteger(token.authenticationInstant)},
                             {"authenticationType", jsonText(token.authenticationType)},
                             {"grants", jsonTexts(token.grants)},
                             {"scope", jsonText(token.scope)},
                             {"metaData", token.metaData}});
}

/// The webhook with its password, which answers do not show.
Json writeWebhook(const Webhook& webhook) {
    constexpr const char* name = "httpAuthenticationPassword";
    const auto* password = webhook.configuration.find(name);
    return password ? mergedJson(webhook.toJson(), Json(Json::Object{{name, *password}})) : webhook.toJson();
}

std::string requiredOctets(const BodyReader& object, const char* name) {
    const auto text = object.requiredString(name);
    const auto value = security::decodeBase64Url(text);
    if (!value) object.refuse(name, "invalid", "is no base64url");
    return value.value_or("");
}

Uuid requiredId(const BodyReader& object, const char* name) {
    if (!object.has(name)) object.refuse(name, "blank", "is required");
    return object.uuid(name).value_or(Uuid::random());
}

std::int64_t instantOr0(const BodyReader& object, const char* name) {
    return object.instant(name).value_or(0);
}

/// Reads the parts of a document into a state.
class Reader {
public:
    Reader(const Json& document, Errors& errors)
        : _errors(errors),
          _document(document, "", errors),
          _state{requiredId(_document, "defaultTenantId")} {}

    DirectoryState read() {
        if (_document.string("version") != version) {
            _document.refuse("version", "invalid",
                             "must be \"1\": this is no state that this version has written");
            return std::move(_state);
        }
        each("keys", [this](const BodyReader& object) { readKey(object); });
        each("tenants", [this](const BodyReader& object) { readTenant(object); });
        each("applications", [this](const BodyReader& object) { readApplication(object); });
        each("users", [this](const BodyReader& object) { readUser(object); });
        each("apiKeys", [this](const BodyReader& object) { readApiKey(object); });
        each("webhooks", [this](const BodyReader& object) { readWebhook(object); });
        each("refreshTokens", [this](const BodyReader& object) { readRefreshToken(object); });
        if (!_state.tenants.contains(_state.defaultTenantId)) {
            _document.refuse("defaultTenantId", "invalid", "no tenant has this id");
        }
        return std::move(_state);
    }

private:
    template <typename Read>
    void each(const std::string& name, Read read) {
        const auto& elements = _document.array(name);
        for (std::size_t i = 0; i < elements.size(); ++i) {
            const auto place = name + "[" + std::to_string(i) + "]";
            if (!elements[i].object()) _errors.addField(place, "couldNotConvert", "must be an object");
            read(BodyReader(elements[i], place, _errors));
        }
    }

    /// Notes an id that refers to nothing.
    template <typename Values>
    void require(const BodyReader& object, const char* name, const Values& values, const Uuid& id) {
        if (!values.contains(id)) object.refuse(name, "invalid", "refers to nothing in this file");
    }

    void requireKeys(const BodyReader& object, const JwtConfiguration& jwt) {
        require(object, "jwtConfiguration.accessTokenKeyId", _state.keys, jwt.accessTokenKeyId);
        require(object, "jwtConfiguration.idTokenKeyId", _state.keys, jwt.idTokenKeyId);
    }

    void readKey(const BodyReader& object) {
        NamedKey named{requiredId(object, "id"), object.requiredString("name"), nullptr,
                       instantOr0(object, "insertInstant")};
        const auto algorithm = keyAlgorithmNamed(object.requiredString("algorithm"));
        const auto secret = requiredOctets(object, "secret");
        if (!algorithm) return object.refuse("algorithm", "invalid", "is none that is known");
        if (isSymmetric(*algorithm) && !secret.empty()) {
            named.key = SigningKey::ofSecret(*algorithm, secret, object.requiredString("kid"));
        } else {
            named.key = SigningKey::ofPem(*algorithm, secret);
        }
        if (!named.key) return object.refuse("secret", "invalid", "is no key for the algorithm");
        _state.keys.emplace(named.id, named);
    }

    void readTenant(const BodyReader& object) {
        const auto id = requiredId(object, "id");
        Tenant tenant{id, "", "", JwtConfiguration{id, id}};
        tenant.readFrom(object);
        tenant.insertInstant = instantOr0(object, "insertInstant");
        tenant.lastUpdateInstant = instantOr0(object, "lastUpdateInstant");
        if (tenant.issuer.empty()) object.refuse("issuer", "blank", "is required");
        requireKeys(object, tenant.jwt);
        _state.tenants.emplace(id, tenant);
    }

    void readApplication(const BodyReader& object) {
        Application application{requiredId(object, "id"), requiredId(object, "tenantId"), ""};
        application.readFrom(object);
        application.configuration =
            mergedJson(application.configuration, Json(Json::Object{{"hasEveryRole", Json()}}));
        application.hasEveryRole = object.boolean("hasEveryRole").value_or(false);
        application.insertInstant = instantOr0(object, "insertInstant");
        application.lastUpdateInstant = instantOr0(object, "lastUpdateInstant");
        const auto tenant = _state.tenants.find(application.tenantId);
        require(object, "tenantId", _state.tenants, application.tenantId);
        if (tenant != _state.tenants.end())
            requireKeys(object, application.jwtConfiguration(tenant->second.jwt));
        _state.applications.emplace(application.id, application);
    }

    void readUser(const BodyReader& object) {
        const auto password = PasswordHash::parse(object.requiredString("password"));
        if (!password) return object.refuse("password", "invalid", "is no password hash");
        User user{requiredId(object, "id"), requiredId(object, "tenantId"),
                  object.string("email").value_or(""), object.string("username").value_or(""), *password};
        require(object, "tenantId", _state.tenants, user.tenantId);
        if (user.email.empty() && user.username.empty()) object.refuse("email", "blank", "is required");
        user.profile = *object.object("profile").json().object();
        user.active = object.boolean("active").value_or(true);
        user.passwordChangeRequired = object.boolean("passwordChangeRequired").value_or(false);
        user.insertInstant = instantOr0(object, "insertInstant");
        user.lastUpdateInstant = instantOr0(object, "lastUpdateInstant");
        user.passwordLastUpdateInstant = instantOr0(object, "passwordLastUpdateInstant");
        user.lastLoginInstant = instantOr0(object, "lastLoginInstant");
        user.lockedUntil = instantOr0(object, "lockedUntil");
        user.expiry = object.instant("expiry");
        if (object.boolean("verified").value_or(true)) {
            user.verifiedInstant = object.instant("verifiedInstant").value_or(user.insertInstant);
        }
        for (const auto& element : object.array("twoFactorMethods")) {
            const BodyReader method(element, object.pathOf("twoFactorMethods"), _errors);
            user.twoFactorMethods.push_back({method.requiredString("id"), requiredOctets(method, "secret"),
                                             instantOr0(method, "lastStep")});
        }
        const auto codes = object.strings("recoveryCodes").value_or(std::vector<std::string>{});
        user.recoveryCodes = {codes.begin(), codes.end()};
        for (const auto& element : object.array("registrations")) {
            readRegistration(BodyReader(element, object.pathOf("registrations"), _errors), user);
        }
        _state.users.emplace(user.id, user);
    }

    void readRegistration(const BodyReader& object, User& user) {
        Registration registration{requiredId(object, "id"), requiredId(object, "applicationId"),
                                  object.strings("roles").value_or(std::vector<std::string>{})};
        require(object, "applicationId", _state.applications, registration.applicationId);
        registration.insertInstant = instantOr0(object, "insertInstant");
        registration.lastUpdateInstant = instantOr0(object, "lastUpdateInstant");
        registration.lastLoginInstant = instantOr0(object, "lastLoginInstant");
        registration.verified = object.boolean("verified").value_or(true);
        registration.readProfile(object);
        user.registrations.emplace(registration.applicationId, registration);
    }

    void readApiKey(const BodyReader& object) {
        auto key = ApiKey::ofDigest(requiredOctets(object, "digest"));
        if (object.has("permissions")) {
            ApiKey::Permissions permissions;
            const auto endpoints = object.object("permissions");
            for (const auto& member : *endpoints.json().object()) {
                const auto methods = endpoints.strings(member.first).value_or(std::vector<std::string>{});
                permissions.emplace(member.first, std::set<std::string>(methods.begin(), methods.end()));
            }
            key.restrictTo(std::move(permissions));
        }
        if (auto tenantId = object.uuid("tenantId")) key.restrictTo(std::move(*tenantId));
        _state.apiKeys.push_back(std::move(key));
    }

    void readWebhook(const BodyReader& object) {
        Webhook webhook{requiredId(object, "id")};
        webhook.readFrom(object);
        webhook.insertInstant = instantOr0(object, "insertInstant");
        webhook.lastUpdateInstant = instantOr0(object, "lastUpdateInstant");
        if (webhook.signingKeyId)
            require(object, "signatureConfiguration", _state.keys, *webhook.signingKeyId);
        _state.webhooks.emplace(webhook.id, webhook);
    }

    void readRefreshToken(const BodyReader& object) {
        RefreshToken token{requiredId(object, "id"), requiredId(object, "tenantId"),
                           requiredId(object, "userId"), object.uuid("applicationId"),
                           requiredOctets(object, "digest")};
        require(object, "tenantId", _state.tenants, token.tenantId);
        require(object, "userId", _state.users, token.userId);
        for (const auto& text : object.strings("usedDigests").value_or(std::vector<std::string>{})) {
            token.usedDigests.insert(security::decodeBase64Url(text).value_or(""));
        }
        token.insertInstant = instantOr0(object, "insertInstant");
        token.startInstant = instantOr0(object, "startInstant");
        token.expirationInstant = instantOr0(object, "expirationInstant");
        token.authenticationInstant = instantOr0(object, "authenticationInstant");
        token.authenticationType = object.requiredString("authenticationType");
        token.grants = object.strings("grants").value_or(token.grants);
        token.scope = object.string("scope").value_or("");
        if (object.has("metaData")) token.metaData = object.object("metaData").json();
        _state.refreshTokens.restore(std::move(token));
    }

    Errors& _errors;
    BodyReader _document;
    DirectoryState _state;
};

}  // namespace

Json writeState(const DirectoryState& state) {
    return Json(Json::Object{
        {"version", jsonText(version)},
        {"defaultTenantId", jsonText(state.defaultTenantId.toText())},
        {"keys", arrayOfMapped(state.keys, writeKey)},
        {"tenants", arrayOfMapped(state.tenants, [](const Tenant& tenant) { return tenant.toJson(); })},
        {"applications", arrayOfMapped(state.applications, writeApplication)},
        {"users", arrayOfMapped(state.users, writeUser)},
        {"apiKeys", arrayOf(state.apiKeys, writeApiKey)},
        {"webhooks", arrayOfMapped(state.webhooks, writeWebhook)},
        {"refreshTokens", arrayOfMapped(state.refreshTokens.all(), writeRefreshToken)},
    });
}

std::optional<DirectoryState> readState(const Json& document, Errors& errors) {
    if (!document.object()) {
        errors.addGeneral("[couldNotConvert]", "a state file is a JSON object");
        return std::nullopt;
    }
    auto state = Reader(document, errors).read();
    return errors.empty() ? std::optional<DirectoryState>(std::move(state)) : std::nullopt;
}

}  // namespace changebank::kickstart
