#include "changebank/daemon/settings/DecisionSettings.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>
#include <variant>

#include "changebank/base/system/LoopbackHost.h"
#include "changebank/daemon/settings/SettingStore.h"
#include "changebank/handlers/decision/DecisionRules.h"

namespace changebank::daemon {

using handlers::DecisionRule;
using handlers::DecisionRules;
using Kind = security::AccessRule::Kind;

namespace {

constexpr auto listenKey = "decision.listen";

std::string ruleKey(unsigned number) {
    return std::string(ruleKeyPrefix) + std::to_string(number);
}

/// Replaces a rule by the one of a text; an empty text is none.
Reason storeRule(Settings& settings, unsigned number, const std::string& text) {
    auto& rules = settings.decision.rules;
    auto place = std::find_if(rules.begin(), rules.end(),
                              [number](const DecisionRule& rule) { return rule.number >= number; });
    const bool isThere = place != rules.end() && place->number == number;
    if (text.empty()) {
        if (isThere) rules.erase(place);
        return accepted;
    }
    auto rule = DecisionRule::parse(number, text);
    if (auto* why = std::get_if<std::string>(&rule)) return std::move(*why);
    if (!isThere) place = rules.emplace(place);
    *place = std::get<DecisionRule>(std::move(rule));
    return accepted;
}

SettingDefinition defineRule(unsigned number) {
    return define(
        ruleKey(number), TextType{true}, "", Applies::atOnce,
        "Who may do what with the API behind the proxy: METHODS PATH WHO, such as GET,POST /orders/** "
        "roles=clerk scopes=orders:read maxAge=15m. METHODS are separated by commas, or * for all; GET "
        "stands "
        "for HEAD, too. In PATH a segment * stands for one segment, and ** at the end for none or more; the "
        "case of letters does not matter. WHO is public, authenticated (everybody with a token) or terms as "
        "in access.makeChange. The first rule that matches decides, in the order of their numbers: further "
        "ones are decision.rule.2 to decision.rule.1000, and numbers may be left out. What no rule matches "
        "is refused. If empty, there is no such rule.",
        [number](Settings& s, const std::string& value) { return storeRule(s, number, value); });
}

const security::AccessRule* accessRuleOf(const DecisionRule& rule) {
    return std::get_if<security::AccessRule>(&rule.access);
}

/// Checks that requests can reach each of the rules.
void checkReach(ParsedSettings& parsed) {
    for (auto& [number, why] : DecisionRules(parsed.settings.decision.rules).unreachable())
        parsed.addFault(ruleKey(number), std::move(why));
}

void checkDpop(ParsedSettings& parsed, const DecisionRule& rule) {
    const auto* access = accessRuleOf(rule);
    if (access != nullptr && access->isDpopRequired() && !parsed.settings.auth.usesDpop())
        parsed.addFault(ruleKey(rule.number),
                        "has dpop=require, which needs auth.dpop to be allow or require");
}

/// Whether tokens of an issuer can give one of these roles.
bool canGive(const security::TokenPolicy& policy, const std::vector<std::string>& roles) {
    const auto& map = policy.claims.roleMap;
    return map.empty() || std::any_of(map.begin(), map.end(), [&](const auto& entry) {
               return std::find(roles.begin(), roles.end(), entry.second) != roles.end();
           });
}

/// Warns of a rule whose roles no token gives.
void warnOfRoles(ParsedSettings& parsed, const DecisionRule& rule) {
    const auto* access = accessRuleOf(rule);
    if (access == nullptr) return;
    const auto roles = access->namesOf(Kind::roles);
    const auto& issuers = parsed.settings.auth.issuers;
    if (roles.empty() || std::any_of(issuers.begin(), issuers.end(), [&](const Settings::Issuer& issuer) {
            return canGive(issuer.policy, roles);
        }))
        return;
    parsed.addNote(ruleKey(rule.number), "admits nobody, since no claims.roleMap gives its roles");
}

void checkListener(ParsedSettings& parsed, const ListenerAddress& listen) {
    if (!listen.isUnix() && !isLoopbackHost(listen.host))
        parsed.addNote(
            listenKey,
            "is reachable from other machines without TLS: who can see what is sent there can read "
            "tokens; a Unix socket is for the proxy alone");
    const bool hasBadRule =
        std::any_of(parsed.faults.begin(), parsed.faults.end(),
                    [](const SettingFault& fault) { return fault.key.starts_with(ruleKeyPrefix); });
    if (parsed.settings.decision.rules.empty() && !hasBadRule)
        parsed.addFault(listenKey, "needs " + ruleKey(1) + ", since without a rule nobody may do anything");
}

/// Notes what no listener of the settings uses.
void noteUnlistened(ParsedSettings& parsed) {
    const std::string conventionKey = "decision.convention";
    const auto& rules = parsed.settings.decision.rules;
    if (parsed.isChanged(conventionKey))
        parsed.addNote(conventionKey,
                       "has no effect without decision.listen, unless systemd opens that socket");
    if (rules.empty()) return;
    const auto others = rules.size() == 1 ? "" : ", as are the other rules";
    parsed.addNote(ruleKey(rules.front().number), withoutDecisionListener + std::string(others));
}

}  // namespace

std::optional<unsigned> ruleNumberOf(std::string_view name) {
    for (const auto prefix : {ruleKeyPrefix, ruleVariablePrefix}) {
        if (!name.starts_with(prefix)) continue;
        const auto digits = name.substr(prefix.size());
        const auto* last = digits.data() + digits.size();
        unsigned number = 0;
        const auto read = std::from_chars(digits.data(), last, number);
        if (read.ec != std::errc{} || read.ptr != last || digits.starts_with('0')) return std::nullopt;
        if (number > DecisionRules::maxNumber) return std::nullopt;
        return number;
    }
    return std::nullopt;
}

void addDecisionSettings(std::vector<SettingDefinition>& table, const std::vector<unsigned>& rules) {
    table.push_back(
        define(listenKey, TextType{true}, "", Applies::byAnotherListener,
               "Where a proxy in front of another API asks whether it may pass on a request: the absolute "
               "path of a Unix socket with mode 0660, or HOST:PORT; if empty, nowhere. Only the proxy "
               "should be able to reach it.",
               addressIn([](Settings& s) { return &s.decision.listen; })));
    table.push_back(define(
        "decision.convention", ChoiceType{{"forwarded", "original"}}, "forwarded", Applies::atOnce,
        "How it asks: forwarded, by GET /decision with the request in X-Forwarded-Method, X-Forwarded-Host "
        "and X-Forwarded-Uri (nginx, Traefik, Caddy); or original, by the request itself behind the path "
        "prefix /decision (Envoy).",
        [](Settings& s, std::size_t value) -> Reason {
            s.decision.convention = static_cast<handlers::RequestConvention>(value);
            return accepted;
        }));
    table.push_back(defineRule(1));
    for (const auto number : rules)
        table.push_back(defineRule(number));
}

void checkDecision(ParsedSettings& parsed) {
    checkReach(parsed);
    for (const auto& rule : parsed.settings.decision.rules) {
        checkDpop(parsed, rule);
        warnOfRoles(parsed, rule);
    }
    if (const auto& listen = parsed.settings.decision.listen) {
        checkListener(parsed, *listen);
    } else {
        noteUnlistened(parsed);
    }
}

}  // namespace changebank::daemon
