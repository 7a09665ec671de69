#include "changebank/daemon/settings/SettingsReader.h"

#include <unistd.h>

#include <Poco/Exception.h>
#include <Poco/URI.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "changebank/base/system/LoopbackHost.h"
#include "changebank/base/text/ForeignText.h"
#include "changebank/base/text/Utf8.h"
#include "changebank/daemon/settings/FileAccess.h"
#include "changebank/daemon/settings/KubernetesServiceLinks.h"
#include "changebank/daemon/settings/Properties.h"
#include "changebank/daemon/settings/SettingDefinition.h"
#include "changebank/daemon/settings/SettingType.h"
#include "changebank/daemon/settings/SettingsFile.h"
#include "changebank/daemon/settings/SuspiciousValue.h"
#include "changebank/security/keys/HttpJwksFetcher.h"

namespace changebank::daemon {

namespace {

constexpr std::string_view defaults = "defaults";
/// The placeholder for the page's own URL in page.*.
constexpr std::string_view pageMark = "{page}";
constexpr std::string_view jwksPath = "/.well-known/jwks.json";

/// A user's key, made printable.
std::string printable(std::string_view key) {
    const auto isPlain = [](char c) { return c > ' ' && c <= '~'; };
    if (key.size() <= 80 && std::all_of(key.begin(), key.end(), isPlain)) return std::string(key);
    return inQuotes(key);
}

/// Applies one source on top of the previous ones.
class Layer {
public:
    explicit Layer(ParsedSettings& parsed) : _parsed(parsed) {}

    void assign(const std::string& key, const std::string& value, const std::string& place) {
        if (!_seen.insert(key).second) {
            fault(place, key, "is set more than once");
            return;
        }
        if (!isUtf8(value)) {
            fault(place, key, inQuotes(value) + " is not UTF-8");
            return;
        }
        const auto* definition = findSetting(key);
        if (auto why = definition ? definition->read(value, _parsed.settings) : unknown(key)) {
            fault(place, key, std::move(*why));
        } else {
            _parsed.effective[key] = {value, place};
        }
    }

    void fault(std::string place, std::string_view key, std::string why) {
        _parsed.faults.push_back({std::move(place), printable(key), std::move(why)});
    }

private:
    static std::optional<std::string> unknown(const std::string& key) {
        if (key.starts_with("logging.")) return "logging.* was replaced by log.target; see CHANGELOG";
        const auto nearest = nearestSetting(key);
        if (nearest.empty()) return "unknown key";
        return "unknown key; did you mean " + std::string(nearest) + "?";
    }

    ParsedSettings& _parsed;
    std::set<std::string> _seen;
};

void readDefaults(ParsedSettings& parsed) {
    Layer layer(parsed);
    for (const auto& definition : settingDefinitions()) {
        layer.assign(std::string(definition.key), std::string(definition.defaultValue),
                     std::string(defaults));
    }
}

void readFile(ParsedSettings& parsed, const std::string& path) {
    Layer layer(parsed);
    for (const auto& property : parseProperties(readSettingsFile(path, parsed.faults))) {
        const auto place = path + ":" + std::to_string(property.line);
        if (property.key.empty()) {
            parsed.faults.push_back({place, "", "is not of the form KEY = VALUE"});
        } else {
            layer.assign(property.key, property.value, place);
        }
    }
}

const SettingDefinition* settingOfVariable(std::string_view name) {
    const auto& all = settingDefinitions();
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const auto& each) { return each.environmentVariable() == name; });
    return found == all.end() ? nullptr : &*found;
}

void readVariable(ParsedSettings& parsed, Layer& layer, const std::string& name, const std::string& value) {
    const auto place = "environment:" + printable(name);
    if (const auto* definition = settingOfVariable(name)) {
        layer.assign(std::string(definition->key), value, place);
        return;
    }
    const auto nearest = nearestVariable(name);
    parsed.faults.push_back(
        {place, "",
         std::string("unknown variable") + (nearest.empty() ? "" : "; did you mean " + nearest + "?")});
}

void readEnvironment(ParsedSettings& parsed, const std::vector<std::string>& environment) {
    Layer layer(parsed);
    const KubernetesServiceLinks links(environment);
    for (const auto& variable : environment) {
        const auto name = variable.substr(0, variable.find('='));
        const auto value = variable.substr(std::min(name.size() + 1, variable.size()));
        if (name.starts_with(environmentPrefix) && !links.contains(name, value))
            readVariable(parsed, layer, name, value);
    }
    for (const auto& service : links.services()) {
        parsed.notes.push_back(
            "ignoring the environment variables of the Kubernetes service " + inQuotes(service) +
            ", which are not settings; set enableServiceLinks: false in the pod to avoid them");
    }
}

void readDefines(ParsedSettings& parsed, const std::vector<std::string>& defines) {
    Layer layer(parsed);
    for (const auto& define : defines) {
        const auto equals = define.find('=');
        if (equals == std::string::npos || equals == 0) {
            layer.fault("--define", define, "is not of the form KEY=VALUE");
        } else {
            layer.assign(define.substr(0, equals), define.substr(equals + 1), "--define");
        }
    }
}

std::optional<Poco::URI> parsedUri(const std::string& text) {
    try {
        return Poco::URI(text);
    } catch (const Poco::Exception&) {
        return std::nullopt;
    }
}

bool isWebAddress(const std::string& text) {
    const auto uri = parsedUri(text);
    return uri && !uri->getHost().empty() && (uri->getScheme() == "https" || uri->getScheme() == "http");
}

/// Why keys may not be fetched from that address, if so.
std::optional<std::string> faultOfUri(const Settings::Jwks& jwks) {
    if (!isWebAddress(jwks.uri)) return inQuotes(jwks.uri) + " is not an http or https URL";
    const auto uri = parsedUri(jwks.uri);
    if (!uri->getUserInfo().empty()) return std::string("must not contain a user name or password");
    if (!uri->getFragment().empty()) return std::string("must not have a fragment");
    if (uri->getScheme() == "http" && !isLoopbackHost(uri->getHost()) && !jwks.allowHttp) {
        return std::string(
            "is plain http to another machine, so that keys could be replaced on the way; use https, or set "
            "auth.jwks.allowHttp to true");
    }
    return std::nullopt;
}

std::optional<std::string> faultOfProxy(const std::string& proxy) {
    if (proxy.find('@') != std::string::npos) {
        return std::string(
            "must not contain a user name or password; the environment variable HTTPS_PROXY may");
    }
    if (!isWebAddress(proxy)) return inQuotes(proxy) + " is not an http or https URL";
    return std::nullopt;
}

std::string withoutTrailingSlash(const std::string& text) {
    return text.substr(0, text.size() - (!text.empty() && text.back() == '/' ? 1 : 0));
}

/// Derives missing settings of the key set and checks their combination.
void checkKeys(ParsedSettings& parsed) {
    auto& jwks = parsed.settings.auth.jwks;
    auto& effective = parsed.effective["auth.jwks.uri"];
    const bool derived = jwks.uri.empty();
    if (derived) {
        jwks.uri = withoutTrailingSlash(parsed.settings.auth.policy.issuer) + std::string(jwksPath);
        effective = {jwks.uri, parsed.effective["auth.issuer"].place};
    }
    if (auto why = faultOfUri(jwks)) {
        parsed.addFault("auth.jwks.uri", *why + (derived ? " (derived from auth.issuer)" : ""));
    }
    if (auto why = jwks.proxy.empty() ? std::nullopt : faultOfProxy(jwks.proxy))
        parsed.addFault("auth.jwks.proxy", std::move(*why));
}

/// A URL to which the page sends its user; derived from the issuer if not set.
void checkPageAddress(ParsedSettings& parsed, const std::string& key, const std::string& path,
                      std::string& address) {
    const auto& policy = parsed.settings.auth.policy;
    if (address.empty() && isWebAddress(policy.issuer)) {
        std::string application;
        Poco::URI::encode(policy.audiences.front(), "/?#", application);
        address = withoutTrailingSlash(policy.issuer) + path + application + "?redirect_uri=";
        address += pageMark;
        parsed.effective[key] = {address, parsed.effective["auth.issuer"].place};
        return;
    }
    std::string example(address);
    if (const auto mark = example.find(pageMark); mark != std::string::npos)
        example.replace(mark, pageMark.size(), "page");
    if (!address.empty() && !isWebAddress(example))
        parsed.addFault(key, inQuotes(address) + " is not an http or https URL");
}

void checkPage(ParsedSettings& parsed) {
    auto& page = parsed.settings.page;
    checkPageAddress(parsed, "page.login", "/app/login/", page.login);
    checkPageAddress(parsed, "page.logout", "/app/logout/", page.logout);
}

/// Whether somebody has set it, to something else than the default.
bool isChanged(const ParsedSettings& parsed, const std::string& key) {
    const auto setting = parsed.effective.find(key);
    return setting != parsed.effective.end() && setting->second.text != findSetting(key)->defaultValue;
}

/// Makes the rule of a route from the settings of its roles, unless the rule is set.
void checkRule(ParsedSettings& parsed, const std::string& key, const std::vector<std::string>& roleKeys,
               security::AccessRule rule, security::AccessRule& used) {
    if (!isChanged(parsed, key)) {
        used = std::move(rule);
        return;
    }
    for (const auto& roleKey : roleKeys) {
        if (isChanged(parsed, roleKey))
            parsed.addFault(key, "takes the place of " + roleKey + ", which is set as well; set one of them");
    }
}

void checkAccess(ParsedSettings& parsed) {
    const auto& roles = parsed.settings.roles;
    auto& access = parsed.settings.access;
    auto panic = security::anyRole(roles.panic);
    if (roles.panicMaxAge > std::chrono::seconds::zero()) panic = panic.maxAge(roles.panicMaxAge);
    checkRule(parsed, "access.makeChange", {"roles.makeChange"}, security::anyRole(roles.makeChange),
              access.makeChange);
    checkRule(parsed, "access.panic", {"roles.panic", "roles.panic.maxAge"}, std::move(panic), access.panic);
}

/// Makes the resources discoverable, and accepts tokens for them.
void checkResources(ParsedSettings& parsed) {
    auto& resources = parsed.settings.resources;
    auto& policy = parsed.settings.auth.policy;
    if (!resources.documentation.empty() && !isWebAddress(resources.documentation)) {
        parsed.addFault("server.resourceDocumentation",
                        inQuotes(resources.documentation) + " is not an http or https URL");
    }
    resources.authorizationServers = {policy.issuer};
    policy.audiences.insert(policy.audiences.end(), resources.identifiers.begin(),
                            resources.identifiers.end());
}

/// Returns why a file of certificate authorities is unusable, if it is.
std::optional<std::string> faultOfCaFile(const std::string& path) {
    if (auto why = faultOfReading(path)) return why;
    try {
        const security::HttpJwksFetcher fetcher(Poco::URI("https://localhost"), {.caFile = path});
        return std::nullopt;
    } catch (const Poco::Exception& error) {
        return "is not a PEM file with certificates: " + error.displayText();
    }
}

/// Checks that no two settings write to one file; the log and the audit log may.
void checkDistinctFiles(ParsedSettings& parsed) {
    const auto& settings = parsed.settings;
    const std::array files{std::pair{"log.target", settings.logTarget.path},
                           std::pair{"audit.file", settings.auditFile},
                           std::pair{"auth.jwks.snapshot", settings.auth.jwks.snapshot},
                           std::pair{"admin.socket", settings.admin.socket}};
    for (std::size_t i = 2; i < files.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            const auto& [key, path] = files[i];
            if (!path.empty() && !files[j].second.empty() && isOneFile(path, files[j].second))
                parsed.addFault(key, inQuotes(path) + " is the file of " + files[j].first + " as well");
        }
    }
}

/// Warns of values that have the right form, but are hardly meant like that.
void checkMeaning(ParsedSettings& parsed) {
    for (const auto& [key, setting] : parsed.effective) {
        if (setting.place == defaults) continue;
        if (auto why = suspicionOf(setting.text))
            parsed.notes.push_back(SettingFault{setting.place, key, std::move(*why)}.toText());
    }
}

void checkFiles(ParsedSettings& parsed) {
    const auto& jwks = parsed.settings.auth.jwks;
    if (auto why = jwks.caFile.empty() ? std::nullopt : faultOfCaFile(jwks.caFile)) {
        parsed.addFault("auth.jwks.caFile", inQuotes(jwks.caFile) + " " + *why);
    }
    if (auto why = jwks.snapshot.empty() ? std::nullopt : faultOfReplacing(jwks.snapshot))
        parsed.addFault("auth.jwks.snapshot", std::move(*why));
    for (const auto& [key, path] : {std::pair{"log.target", parsed.settings.logTarget.path},
                                    std::pair{"audit.file", parsed.settings.auditFile}}) {
        if (auto why = path.empty() ? std::nullopt : faultOfAppending(path))
            parsed.addFault(key, std::move(*why));
    }
}

/// Checks that certificate and key are both set and usable.
void checkTls(ParsedSettings& parsed) {
    const auto& tls = parsed.settings.server.tls;
    if (tls.certificate.empty() != tls.key.empty()) {
        const bool keyIsMissing = tls.key.empty();
        parsed.addFault(keyIsMissing ? "server.tls.certificate" : "server.tls.key",
                        std::string("needs ") + (keyIsMissing ? "server.tls.key" : "server.tls.certificate") +
                            " as well");
        return;
    }
    if (!parsed.settings.server.isSecure()) {
        if (!tls.clientCa.empty())
            parsed.addFault("server.tls.clientCa", "needs server.tls.certificate as well");
        return;
    }
    bool canBeRead = true;
    for (const auto& [key, file] :
         {std::pair{"server.tls.certificate", tls.certificate}, std::pair{"server.tls.key", tls.key},
          std::pair{"server.tls.clientCa", tls.clientCa}}) {
        const auto why = file.empty() ? std::nullopt : faultOfReading(file);
        if (!why) continue;
        parsed.addFault(key, inQuotes(file) + " " + *why);
        canBeRead = false;
    }
    if (!canBeRead) return;
    try {
        parsed.tls = http::serverTlsContext(tls);
    } catch (const Poco::Exception& error) {
        parsed.addFault("server.tls.certificate", error.displayText());
    }
}

/// The place of a setting, or of another one in its group if it has none.
std::string placeOf(const std::string& key, const std::map<std::string, EffectiveSetting>& effective) {
    if (const auto setting = effective.find(key); setting != effective.end()) return setting->second.place;
    const auto group = key.substr(0, key.rfind('.') + 1);
    const auto neighbour = effective.lower_bound(group);
    const bool isNeighbour = neighbour != effective.end() && neighbour->first.starts_with(group);
    return isNeighbour ? neighbour->second.place : std::string(defaults);
}

}  // namespace

std::vector<std::string> SettingsSources::processEnvironment() {
    std::vector<std::string> variables;
    for (char** variable = environ; *variable != nullptr; ++variable)
        variables.emplace_back(*variable);
    return variables;
}

SettingsSources SettingsSources::ofTool() {
    return {.file = ::access(defaultFile, R_OK) == 0 ? defaultFile : "", .environment = processEnvironment()};
}

void ParsedSettings::addFault(const std::string& key, std::string why) {
    faults.push_back({placeOf(key, effective), printable(key), oneLine(std::move(why))});
}

ParsedSettings readSettings(const SettingsSources& sources) {
    ParsedSettings parsed;
    readDefaults(parsed);
    if (!sources.file.empty()) readFile(parsed, sources.file);
    readEnvironment(parsed, sources.environment);
    readDefines(parsed, sources.defines);
    checkMeaning(parsed);
    checkKeys(parsed);
    checkPage(parsed);
    checkAccess(parsed);
    checkResources(parsed);
    checkFiles(parsed);
    checkDistinctFiles(parsed);
    checkTls(parsed);
    parsed.settings.admin.isRequired = parsed.effective["admin.socket"].place != defaults;
    return parsed;
}

}  // namespace changebank::daemon
