#include "changebank/daemon/settings/SettingsReader.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "changebank/base/text/ForeignText.h"
#include "changebank/base/text/Utf8.h"
#include "changebank/daemon/settings/AccessSettings.h"
#include "changebank/daemon/settings/DecisionSettings.h"
#include "changebank/daemon/settings/DecisionTokenSettings.h"
#include "changebank/daemon/settings/DpopSettings.h"
#include "changebank/daemon/settings/FormerSetting.h"
#include "changebank/daemon/settings/IssuerSettings.h"
#include "changebank/daemon/settings/KubernetesServiceLinks.h"
#include "changebank/daemon/settings/LimitSettings.h"
#include "changebank/daemon/settings/PageSettings.h"
#include "changebank/daemon/settings/ProxySettings.h"
#include "changebank/daemon/settings/RevocationSettings.h"
#include "changebank/daemon/settings/SettingDefinition.h"
#include "changebank/daemon/settings/TlsSettings.h"
#include "changebank/daemon/settings/TraceSettings.h"
#include "changebank/daemon/settings/files/FileAccess.h"
#include "changebank/daemon/settings/sources/Properties.h"
#include "changebank/daemon/settings/sources/SettingsFile.h"
#include "changebank/daemon/settings/sources/SuspiciousValue.h"
#include "changebank/daemon/settings/values/SettingType.h"

namespace changebank::daemon {

namespace {

/// Of the key or the variable of a rule.
constexpr auto ruleNumbers = ": a rule has a number from 1 to 1000, without leading zeros";

/// The properties of one file.
struct PropertiesFile {
    std::string path;
    std::vector<Property> properties;
};

/// Those of the file and of the folder, in the order in which they override each other.
std::vector<PropertiesFile> readFiles(const SettingsSources& sources, std::vector<SettingFault>& faults) {
    std::vector<std::string> paths;
    if (!sources.file.empty()) paths.push_back(sources.file);
    if (!sources.folder.empty()) {
        auto pieces = settingsPieces(sources.folder, sources.pieces, faults);
        std::move(pieces.begin(), pieces.end(), std::back_inserter(paths));
    }
    std::vector<PropertiesFile> files;
    for (auto& path : paths)
        files.push_back({oneLine(path), parseProperties(readSettingsFile(path, faults))});
    return files;
}

/// A user's key, made printable.
std::string printable(std::string_view key) {
    const auto isPlain = [](char c) { return c > ' ' && c <= '~'; };
    if (key.size() <= 80 && std::all_of(key.begin(), key.end(), isPlain)) return std::string(key);
    return inQuotes(key);
}

/// Applies one source on top of the previous ones.
class Layer {
public:
    Layer(ParsedSettings& parsed, const SettingTable& table) : _parsed(parsed), _table(table) {}

    void assign(const std::string& key, const std::string& value, const std::string& place) {
        if (!_seen.insert(key).second) {
            fault(place, key, "is set more than once");
            return;
        }
        if (!isUtf8(value)) {
            fault(place, key, inQuotes(value) + " is not UTF-8");
            return;
        }
        const auto* definition = _table.find(key);
        if (auto why = definition ? definition->read(value, _parsed.settings) : unknown(key, value)) {
            fault(place, key, std::move(*why));
        } else {
            _parsed.effective[key] = {value, place};
        }
    }

    void fault(std::string place, std::string_view key, std::string why) {
        _parsed.faults.push_back({std::move(place), printable(key), std::move(why)});
    }

private:
    std::optional<std::string> unknown(const std::string& key, const std::string& value) const {
        if (const auto replacement = replacementOf(key, value))
            return "not a setting since 1.0.0; instead: " + *replacement + " (upgrading.md)";
        if (key.starts_with(ruleKeyPrefix)) return std::string("unknown key") + ruleNumbers;
        constexpr std::string_view issuer = "auth.issuer.";
        const auto nearest = _table.nearest(key);
        if (const auto end = key.find('.', issuer.size());
            key.starts_with(issuer) && end != std::string::npos) {
            const auto name = key.substr(issuer.size(), end - issuer.size());
            if (!_table.find(std::string(issuer) + name + ".url"))
                return "unknown key, since auth.issuers does not name " + inQuotes(name);
        }
        if (nearest.empty()) return "unknown key";
        return "unknown key; did you mean " + std::string(nearest) + "?";
    }

    ParsedSettings& _parsed;
    const SettingTable& _table;
    std::set<std::string> _seen;
};

/// The numbers of the rules beside decision.rule.1 that the sources have, in ascending order.
std::vector<unsigned> furtherRules(const std::vector<PropertiesFile>& files, const SettingsSources& sources) {
    std::set<unsigned> numbers;
    const auto take = [&numbers](std::string_view name) {
        const auto number = ruleNumberOf(name);
        if (number && *number > 1) numbers.insert(*number);
    };
    for (const auto& file : files) {
        for (const auto& property : file.properties)
            take(property.key);
    }
    for (const auto* assignments : {&sources.environment, &sources.defines}) {
        for (const auto& assignment : *assignments)
            take(std::string_view(assignment).substr(0, assignment.find('=')));
    }
    return {numbers.begin(), numbers.end()};
}

/// The names of further issuers that the sources settle on; none if they are invalid, which is a fault of the
/// setting.
std::vector<std::string> furtherIssuers(const std::vector<PropertiesFile>& files,
                                        const SettingsSources& sources) {
    constexpr std::string_view key = "auth.issuers";
    const auto& definition = *SettingTable::base().find(key);
    std::string names;
    for (const auto& file : files) {
        for (const auto& property : file.properties)
            names = property.key == key ? property.value : names;
    }
    const auto take = [&names](const std::vector<std::string>& assignments, const std::string& name) {
        for (const auto& assignment : assignments) {
            if (assignment.starts_with(name + "=")) names = assignment.substr(name.size() + 1);
        }
    };
    take(sources.environment, definition.environmentVariable());
    take(sources.defines, std::string(key));
    Settings unused;
    if (definition.read(names, unused)) return {};
    return std::get<ListType::Value>(ListType{true}.read(names));
}

void readDefaults(ParsedSettings& parsed, const SettingTable& table) {
    Layer layer(parsed, table);
    for (const auto& definition : table.all())
        layer.assign(definition.key, std::string(definition.defaultValue),
                     std::string(SettingFault::defaults));
}

void readFile(ParsedSettings& parsed, const SettingTable& table, const PropertiesFile& file) {
    Layer layer(parsed, table);
    for (const auto& property : file.properties) {
        const auto place = file.path + ":" + std::to_string(property.line);
        if (property.key.empty()) {
            parsed.faults.push_back({place, "", "is not of the form KEY = VALUE"});
        } else {
            layer.assign(property.key, property.value, place);
        }
    }
}

void readVariable(ParsedSettings& parsed, const SettingTable& table, Layer& layer, const std::string& name,
                  const std::string& value) {
    const auto place = "environment:" + printable(name);
    if (const auto* definition = table.findVariable(name)) {
        layer.assign(definition->key, value, place);
        return;
    }
    if (name.starts_with(ruleVariablePrefix)) {
        parsed.faults.push_back({place, "", std::string("unknown variable") + ruleNumbers});
        return;
    }
    const auto nearest = table.nearestVariable(name);
    parsed.faults.push_back(
        {place, "",
         std::string("unknown variable") + (nearest.empty() ? "" : "; did you mean " + nearest + "?")});
}

void readEnvironment(ParsedSettings& parsed, const SettingTable& table,
                     const std::vector<std::string>& environment) {
    Layer layer(parsed, table);
    const KubernetesServiceLinks links(environment);
    for (const auto& variable : environment) {
        const auto name = variable.substr(0, variable.find('='));
        const auto value = variable.substr(std::min(name.size() + 1, variable.size()));
        if (name.starts_with(environmentPrefix) && !links.contains(name, value))
            readVariable(parsed, table, layer, name, value);
    }
    for (const auto& service : links.services()) {
        parsed.notes.push_back(
            "ignoring the environment variables of the Kubernetes service " + inQuotes(service) +
            ", which are not settings; set enableServiceLinks: false in the pod to avoid them");
    }
}

void readDefines(ParsedSettings& parsed, const SettingTable& table, const std::vector<std::string>& defines) {
    Layer layer(parsed, table);
    for (const auto& define : defines) {
        const auto equals = define.find('=');
        if (equals == std::string::npos || equals == 0) {
            layer.fault("--define", define, "is not of the form KEY=VALUE");
        } else {
            layer.assign(define.substr(0, equals), define.substr(equals + 1), "--define");
        }
    }
}

/// Checks that no two settings write to one file; the log and the audit log may.
void checkDistinctFiles(ParsedSettings& parsed) {
    const auto& settings = parsed.settings;
    std::vector<std::pair<std::string, std::string>> files{{"log.target", settings.logTarget.path},
                                                           {"audit.file", settings.auditFile},
                                                           {"admin.socket", settings.admin.socket},
                                                           {"server.socket", settings.server.socket}};
    // With those that a daemon makes beside it.
    for (const auto* end : {"", ".lock", ".new"}) {
        if (const auto& file = settings.revocation.file; !file.empty())
            files.emplace_back("revocation.file", file + end);
    }
    for (const auto& [key, listen] : {std::pair{"revocation.listen", settings.revocation.listen},
                                      std::pair{"decision.listen", settings.decision.listen}}) {
        if (listen && listen->isUnix()) files.emplace_back(key, listen->host);
    }
    std::set<std::string> sources;
    for (const auto& issuer : settings.auth.issuers) {
        // Issuers that share their keys share the snapshot.
        if (sources.insert(issuer.jwks.uri).second)
            files.emplace_back(issuer.key("jwks.snapshot"), issuer.jwks.snapshot);
    }
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
        // A path of claims may have quotation marks.
        if (setting.place == SettingFault::defaults || key.find(".claims.") != std::string::npos) continue;
        if (auto why = suspicionOf(setting.text)) parsed.addNote(key, std::move(*why));
    }
}

void checkFiles(ParsedSettings& parsed) {
    checkFilesOfKeys(parsed);
    for (const auto& [key, path] : {std::pair{"log.target", parsed.settings.logTarget.path},
                                    std::pair{"audit.file", parsed.settings.auditFile}}) {
        if (auto why = path.empty() ? std::nullopt : faultOfAppending(path))
            parsed.addFault(key, std::move(*why));
    }
}

}  // namespace

ParsedSettings readSettings(const SettingsSources& sources) {
    ParsedSettings parsed;
    const auto files = readFiles(sources, parsed.faults);
    const auto names = furtherIssuers(files, sources);
    for (const auto& name : names)
        parsed.settings.auth.issuers.push_back({.name = name});
    const SettingTable table(names, furtherRules(files, sources));
    parsed.keys = table.keys();
    readDefaults(parsed, table);
    for (const auto& file : files)
        readFile(parsed, table, file);
    readEnvironment(parsed, table, sources.environment);
    readDefines(parsed, table, sources.defines);
    checkMeaning(parsed);
    checkResources(parsed);
    checkIssuers(parsed);
    checkPage(parsed);
    checkAccess(parsed);
    checkDpop(parsed);
    checkRevocation(parsed);
    checkProxies(parsed);
    checkDecision(parsed);
    checkDecisionToken(parsed);
    checkTraces(parsed);
    checkLimits(parsed);
    checkFiles(parsed);
    checkDistinctFiles(parsed);
    checkTls(parsed);
    parsed.settings.admin.isRequired = parsed.effective["admin.socket"].place != SettingFault::defaults;
    return parsed;
}

}  // namespace changebank::daemon
