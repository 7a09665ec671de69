#include "changebank/kickstart/file/Kickstart.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "changebank/base/text/Json.h"
#include "changebank/kickstart/file/KickstartFault.h"
#include "changebank/kickstart/values/Limits.h"

namespace changebank::kickstart {

namespace {

std::optional<std::string> readText(const std::filesystem::path& file) {
    std::error_code error;
    if (std::filesystem::is_directory(file, error)) return std::nullopt;
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream text;
    if (!stream || !(text << stream.rdbuf())) return std::nullopt;
    return text.str();
}

/// The position after a text: "LINE:COLUMN".
std::string placeAt(std::string_view before) {
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    return std::to_string(line) + ":" + std::to_string(before.size() - before.rfind('\n'));
}

std::string elementOf(std::string place, std::size_t index) {
    return place.append("[").append(std::to_string(index)).append("]");
}

/// Reads one kickstart file; see Kickstart::read(). One object reads one file.
class KickstartReader {
public:
    KickstartReader(const std::filesystem::path& file, const Expansion::Source& environment)
        : _expansion(environment, [folder = file.parent_path()](const std::string& name) {
              return readText(folder / name);
          }) {
        _kickstart.file = file.string();
    }

    Kickstart read() {
        const Json document = parse(_kickstart.file);
        requireKnownMembers(document,
                            {"variables", "apiKeys", "requests", "settings", "licenseId", "license"}, "");
        readVariables(document);
        forEach(document, "apiKeys",
                [this](const Json& key, const std::string& place) { readApiKey(key, place); });
        if (_kickstart.apiKeys.empty()) fail("apiKeys", "at least one API key is required");
        forEach(document, "requests", [this](const Json& request, const std::string& place) {
            _kickstart.requests.push_back(readRequest(request, place));
        });
        return std::move(_kickstart);
    }

private:
    static Json parse(const std::filesystem::path& file) {
        const auto text = readText(file);
        if (!text) throw KickstartFault(file.string(), "", "the file cannot be read");
        std::size_t end = 0;
        auto document = Json::parse(*text, kickstartLimits, &end);
        if (document) return std::move(*document);
        throw KickstartFault(file.string(), placeAt(std::string_view(*text).substr(0, end)),
                             "invalid JSON, a duplicate member, or too large");
    }

    void readVariables(const Json& document) {
        definePredefined();
        const auto* variables = document.find("variables");
        if (!variables) return;
        if (!variables->object()) fail("variables", "must be an object");
        for (const auto& [name, value] : *variables->object()) {
            const std::string place = "variables." + name;
            if (!value.string() && !value.number() && !value.boolean()) fail(place, "must be a string");
            _expansion.define(name, value.string() ? expandText(*value.string(), place) : value.toText());
        }
        if (const auto* text = _expansion.find("defaultTenantId")) {
            auto id = Uuid::parse(*text);
            if (!id) fail("variables.defaultTenantId", "must be a UUID");
            _kickstart.ids.tenant = std::move(*id);
        }
        definePredefined();
    }

    void definePredefined() {
        const auto& ids = _kickstart.ids;
        _expansion.define("FUSIONAUTH_APPLICATION_ID", std::string(administrationApplicationId));
        _expansion.define("FUSIONAUTH_TENANT_ID", ids.tenant.toText());
        _expansion.define("FUSIONAUTH_DEFAULT_SIGNING_KEY_ID", ids.signingKey.toText());
    }

    /// Calls `read(element, place)` for each element of an array, expanded. An element that is invalid is
    /// left out, but not the first API key, with which the requests run.
    template <typename Read>
    void forEach(const Json& document, const char* name, Read read) {
        const auto* member = document.find(name);
        if (!member) return;
        if (!member->array()) fail(name, "must be an array");
        std::size_t index = 0;
        for (const auto& element : *member->array()) {
            const auto place = elementOf(name, index++);
            try {
                read(expandAll(element, place), place);
            } catch (const KickstartFault& fault) {
                if (_kickstart.apiKeys.empty()) throw;
                _kickstart.omissions.push_back(fault.what() + std::string("; left out"));
            }
        }
    }

    void readApiKey(const Json& key, const std::string& place) {
        // A key with permissions or a tenantId may do less than everything, which is not supported.
        requireKnownMembers(key, {"key", "description", "keyManager", "ipAccessControlListId", "name"},
                            place);
        const auto text = requiredText(key, "key", place);
        if (_kickstart.apiKeys.empty()) _kickstart.firstApiKey = text;
        _kickstart.apiKeys.emplace_back(text);
    }

    KickstartRequest readRequest(const Json& request, const std::string& place) const {
        requireKnownMembers(request, {"method", "url", "body", "tenantId", "contentType"}, place);
        KickstartRequest result{
            place, requiredText(request, "method", place), requiredText(request, "url", place), {}, {}};
        if (result.method != "POST" && result.method != "PUT" && result.method != "PATCH") {
            fail(place + ".method", quoteJson(result.method) + " is not POST, PUT or PATCH");
        }
        if (!result.url.starts_with('/')) result.url.insert(0, "/");
        if (const auto* body = request.find("body"); body && !body->isNull()) result.body = body->toText();
        if (request.find("tenantId")) result.tenantId = requiredText(request, "tenantId", place);
        return result;
    }

    /// The JSON of a file that is included.
    Json included(const std::string& name, const std::string& place) const {
        try {
            return parse(std::filesystem::path(_kickstart.file).parent_path() / name);
        } catch (const KickstartFault& fault) {
            fail(place, fault.what());
        }
    }

    /// The value with every string expanded. `inclusions`: how many files include each other here.
    Json expandAll(const Json& value, const std::string& place, int inclusions = 0) const {
        constexpr int maxInclusions = 8;
        if (const auto* text = value.string()) {
            if (!text->starts_with("&{") || text->find('}') + 1 != text->size())
                return Json(expandText(*text, place));
            if (inclusions == maxInclusions) fail(place, *text + ": the files include each other");
            return expandAll(included(text->substr(2, text->size() - 3), place), place, inclusions + 1);
        }
        if (const auto* elements = value.array()) {
            Json::Array expanded;
            for (const auto& element : *elements) {
                expanded.push_back(expandAll(element, elementOf(place, expanded.size()), inclusions));
            }
            return Json(std::move(expanded));
        }
        if (const auto* members = value.object()) {
            Json::Object expanded;
            for (const auto& [name, member] : *members) {
                expanded.emplace_back(
                    name, expandAll(member, std::string(place).append(".").append(name), inclusions));
            }
            return Json(std::move(expanded));
        }
        return value;
    }

    std::string expandText(const std::string& text, const std::string& place) const {
        try {
            return _expansion.expand(text);
        } catch (const ExpansionFault& fault) {
            fail(place, fault.what());
        }
    }

    std::string requiredText(const Json& object, const char* name, const std::string& place) const {
        const auto* member = object.find(name);
        if (!member || !member->string() || member->string()->empty()) {
            fail(std::string(place).append(".").append(name), "must be a string and not empty");
        }
        return *member->string();
    }

    void requireKnownMembers(const Json& object, const std::set<std::string>& known,
                             const std::string& place) const {
        if (!object.object()) fail(place, "must be an object");
        for (const auto& member : *object.object()) {
            if (!known.contains(member.first)) {
                fail(place, "unknown member " + quoteJson(member.first));
            }
        }
    }

    [[noreturn]] void fail(const std::string& place, const std::string& reason) const {
        throw KickstartFault(_kickstart.file, place, reason);
    }

    Expansion _expansion;
    Kickstart _kickstart;
};

}  // namespace

Kickstart Kickstart::read(const std::filesystem::path& file, const Expansion::Source& environment) {
    return KickstartReader(file, environment).read();
}

}  // namespace changebank::kickstart
