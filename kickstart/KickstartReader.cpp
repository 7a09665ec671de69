#include "kickstart/KickstartReader.h"

#include <fstream>
#include <sstream>

#include "kickstart/KickstartFault.h"
#include "kickstart/Limits.h"

namespace changebank::kickstart {

using security::Json;
using security::quoteJson;

namespace {

constexpr int deepestInclude = 16;

std::optional<std::string> readText(const std::filesystem::path& file) {
    std::error_code error;
    if (std::filesystem::is_directory(file, error)) return std::nullopt;
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream text;
    if (!stream || !(text << stream.rdbuf())) return std::nullopt;
    return text.str();
}

/// The place behind a text: "LINE:COLUMN".
std::string placeAt(std::string_view before) {
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const auto lineStart = before.rfind('\n') + 1;
    return std::to_string(line) + ":" + std::to_string(1 + before.size() - lineStart);
}

std::string elementOf(std::string place, std::size_t index) {
    return place.append("[").append(std::to_string(index)).append("]");
}

std::string memberOf(std::string place, const std::string& name) {
    return place.append(".").append(name);
}

/// The name inside of a string that is `&{name}` and nothing else.
std::optional<std::string> includedFile(const Json& value) {
    const auto* text = value.string();
    if (!text || !text->starts_with("&{") || text->find('}') != text->size() - 1) return std::nullopt;
    return text->substr(2, text->size() - 3);
}

}  // namespace

KickstartReader::KickstartReader(std::filesystem::path file, const Expansion::Source& environment)
    : _file(std::move(file)), _expansion(environment, [this](const std::string& name) {
          return readText(_file.parent_path() / name);
      }) {
    _kickstart.file = _file.string();
}

Kickstart KickstartReader::read() {
    const Json document = parseFile(_file);
    if (!document.object()) fail("", "a kickstart is a JSON object");
    refuseOtherMembers(document, {"variables", "apiKeys", "requests", "settings", "licenseId", "license"},
                       "");
    readVariables(document);
    readApiKeys(document);
    readRequests(document);
    return std::move(_kickstart);
}

Json KickstartReader::parseFile(const std::filesystem::path& file) const {
    const auto text = readText(file);
    if (!text) throw KickstartFault(file.string(), "", "the file cannot be read");
    std::size_t end = 0;
    if (auto document = Json::parse(*text, kickstartLimits, &end)) return std::move(*document);
    throw KickstartFault(file.string(), placeAt(std::string_view(*text).substr(0, end)),
                         "not well-formed JSON, or a member twice, or larger than is read");
}

void KickstartReader::readVariables(const Json& document) {
    definePredefined();
    const auto* variables = document.find("variables");
    if (!variables) return;
    if (!variables->object()) fail("variables", "must be an object");
    for (const auto& [name, value] : *variables->object()) {
        const std::string place = "variables." + name;
        if (const auto* text = value.string()) {
            _expansion.define(name, expandText(*text, place));
        } else if (value.number() || value.boolean()) {
            _expansion.define(name, value.toText());
        } else {
            fail(place, "must be a string");
        }
    }
    if (_expansion.find("defaultTenantId")) _kickstart.ids.tenant = idFromVariable("defaultTenantId");
    if (_expansion.find("tenantManagerApplicationId")) {
        _kickstart.ids.tenantManagerApplication = idFromVariable("tenantManagerApplicationId");
    }
    definePredefined();
}

void KickstartReader::definePredefined() {
    const auto& ids = _kickstart.ids;
    _expansion.define("FUSIONAUTH_APPLICATION_ID", std::string(administrationApplicationId));
    _expansion.define("FUSIONAUTH_TENANT_ID", ids.tenant.toText());
    _expansion.define("FUSIONAUTH_DEFAULT_SIGNING_KEY_ID", ids.signingKey.toText());
    _expansion.define("FUSIONAUTH_TENANT_MANAGER_APPLICATION_ID", ids.tenantManagerApplication.toText());
    for (const char* name :
         {"FUSIONAUTH_FORM[adminUser]_ID", "FUSIONAUTH_FORM[adminRegistration]_ID",
          "FUSIONAUTH_LAMBDA[OpenIDReconcile]_ID", "FUSIONAUTH_LAMBDA[SAMLv2Reconcile]_ID",
          "FUSIONAUTH_LAMBDA[AppleReconcile]_ID", "FUSIONAUTH_LAMBDA[FacebookReconcile]_ID",
          "FUSIONAUTH_LAMBDA[GoogleReconcile]_ID", "FUSIONAUTH_LAMBDA[TwitterReconcile]_ID"}) {
        if (!_expansion.find(name)) _expansion.define(name, Uuid::random().toText());
    }
}

Uuid KickstartReader::idFromVariable(const char* name) const {
    auto id = Uuid::parse(*_expansion.find(name));
    if (!id) fail(std::string("variables.") + name, "must be a UUID");
    return std::move(*id);
}

void KickstartReader::readApiKeys(const Json& document) {
    const auto* keys = document.find("apiKeys");
    if (!keys || !keys->array() || keys->array()->empty()) {
        fail("apiKeys", "at least one API key is required, and the first one must be unrestricted");
    }
    for (std::size_t i = 0; i < keys->array()->size(); ++i) {
        const auto place = elementOf("apiKeys", i);
        const auto key = expandAll((*keys->array())[i], place);
        refuseOtherMembers(
            key, {"key", "description", "tenantId", "keyManager", "ipAccessControlListId", "name"}, place);
        const auto text = requiredText(key, "key", place);
        _kickstart.apiKeys.push_back(readApiKey(key, text, place));
        if (i > 0) continue;
        if (_kickstart.apiKeys.front().tenantId()) {
            fail(place, "the first API key must be unrestricted: no tenantId");
        }
        _kickstart.firstApiKey = text;
    }
}

ApiKey KickstartReader::readApiKey(const Json& object, const std::string& text,
                                   const std::string& place) const {
    if (!object.find("tenantId")) return ApiKey(text);
    auto tenantId = Uuid::parse(requiredText(object, "tenantId", place));
    if (!tenantId) fail(place + ".tenantId", "must be a UUID");
    return ApiKey(text, std::move(tenantId));
}

void KickstartReader::readRequests(const Json& document) {
    const auto* requests = document.find("requests");
    if (!requests) return;
    if (!requests->array()) fail("requests", "must be an array");
    for (std::size_t i = 0; i < requests->array()->size(); ++i) {
        const auto place = elementOf("requests", i);
        _kickstart.requests.push_back(readRequest(expandAll((*requests->array())[i], place), place));
    }
}

KickstartRequest KickstartReader::readRequest(const Json& request, const std::string& place) {
    refuseOtherMembers(request, {"method", "url", "body", "tenantId", "contentType"}, place);
    KickstartRequest result{
        place, requiredText(request, "method", place), requiredText(request, "url", place), {}, {}};
    if (result.method != "POST" && result.method != "PUT" && result.method != "PATCH") {
        fail(place + ".method", quoteJson(result.method) + " is none of POST, PUT and PATCH");
    }
    if (!result.url.starts_with('/')) result.url.insert(0, "/");
    if (const auto* body = request.find("body"); body && !body->isNull()) result.body = body->toText();
    if (request.find("tenantId")) result.tenantId = requiredText(request, "tenantId", place);
    return result;
}

Json KickstartReader::expandAll(const Json& value, const std::string& place, int includes) const {
    if (const auto name = includedFile(value)) {
        if (includes == deepestInclude) fail(place, "files include each other without end");
        const auto file = _file.parent_path() / expandText(*name, place);
        return expandAll(parseFile(file), place, includes + 1);
    }
    if (const auto* text = value.string()) return Json(expandText(*text, place));
    if (const auto* elements = value.array()) {
        Json::Array expanded;
        for (std::size_t i = 0; i < elements->size(); ++i) {
            expanded.push_back(expandAll((*elements)[i], elementOf(place, i), includes));
        }
        return Json(std::move(expanded));
    }
    if (const auto* members = value.object()) {
        Json::Object expanded;
        for (const auto& [name, member] : *members) {
            expanded.emplace_back(name, expandAll(member, memberOf(place, name), includes));
        }
        return Json(std::move(expanded));
    }
    return value;
}

std::string KickstartReader::expandText(const std::string& text, const std::string& place) const {
    try {
        return _expansion.expand(text);
    } catch (const ExpansionFault& fault) {
        fail(place, fault.what());
    }
}

std::string KickstartReader::requiredText(const Json& object, const char* name,
                                          const std::string& place) const {
    const auto* member = object.find(name);
    if (!member || !member->string() || member->string()->empty()) {
        fail(memberOf(place, name), "a text is required here");
    }
    return *member->string();
}

void KickstartReader::refuseOtherMembers(const Json& object, const std::set<std::string>& known,
                                         const std::string& place) const {
    if (!object.object()) fail(place, "must be an object");
    for (const auto& [name, member] : *object.object()) {
        if (!known.contains(name)) fail(place, "the member " + quoteJson(name) + " is unknown");
    }
}

void KickstartReader::fail(const std::string& place, const std::string& reason) const {
    throw KickstartFault(_kickstart.file, place, reason);
}

Kickstart Kickstart::read(const std::filesystem::path& file, const Expansion::Source& environment) {
    return KickstartReader(file, environment).read();
}

}  // namespace changebank::kickstart
