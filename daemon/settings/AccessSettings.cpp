#include "changebank/daemon/settings/AccessSettings.h"

#include <chrono>
#include <string>
#include <utility>
#include <variant>

#include "changebank/base/http/HttpUrl.h"
#include "changebank/base/text/ForeignText.h"
#include "changebank/daemon/settings/SettingStore.h"
#include "changebank/security/guard/AccessRule.h"
#include "changebank/security/guard/ProtectedResources.h"

namespace changebank::daemon {

using namespace std::chrono_literals;

namespace {

void addRoles(std::vector<SettingDefinition>& table) {
    table.push_back(define("roles.makeChange", ListType{}, "customer,teller", Applies::atOnce,
                           "The roles that may make change; a caller needs one of them.",
                           keepIn([](Settings& s) { return &s.roles.makeChange; })));
    table.push_back(define("roles.panic", ListType{}, "teller", Applies::atOnce,
                           "The roles that may call the police; a caller needs one of them.",
                           keepIn([](Settings& s) { return &s.roles.panic; })));
    table.push_back(define(
        "roles.panic.maxAge", DurationType{0s, 720h}, "0s", Applies::atOnce,
        "How long ago a caller of the police may have signed in (the claim auth_time), in whole seconds; "
        "after that the API asks for a fresh sign-in (RFC 9470). 0s means any time.",
        secondsIn([](Settings& s) { return &s.roles.panicMaxAge; })));
}

/// A rule in the form of AccessRule::parse(), or nothing.
template <typename Place>
auto ruleIn(Place place) {
    return [place](Settings& settings, const std::string& value) -> Reason {
        if (value.empty()) return accepted;
        auto rule = security::AccessRule::parse(value);
        if (auto* why = std::get_if<std::string>(&rule)) return std::move(*why);
        *place(settings) = std::get<security::AccessRule>(std::move(rule));
        return accepted;
    };
}

void addRules(std::vector<SettingDefinition>& table) {
    table.push_back(define(
        "access.makeChange", TextType{true}, "", Applies::atOnce,
        "Who may make change, instead of roles.makeChange: terms that must all be met, separated by "
        "blanks, such as roles=customer,teller scopes=change:make. Terms are roles, anyScope and "
        "anyPermission (one of the list is enough), allRoles, scopes and permissions (all of the list), "
        "maxAge (how long ago the caller may have signed in, such as 15m), acr (the accepted kinds "
        "of sign-in) and dpop=require (the token is bound to a key, see auth.dpop).",
        ruleIn([](Settings& s) { return &s.access.makeChange; })));
    table.push_back(define("access.panic", TextType{true}, "", Applies::atOnce,
                           "Who may call the police, in the same form, instead of roles.panic and "
                           "roles.panic.maxAge.",
                           ruleIn([](Settings& s) { return &s.access.panic; })));
}

/// Makes the rule of a route from the settings of its roles, unless the rule is set.
void checkRule(ParsedSettings& parsed, const std::string& key, const std::vector<std::string>& roleKeys,
               security::AccessRule rule, security::AccessRule& used) {
    if (!parsed.isChanged(key)) {
        used = std::move(rule);
        return;
    }
    for (const auto& roleKey : roleKeys) {
        if (parsed.isChanged(roleKey))
            parsed.addFault(key, "takes the place of " + roleKey + ", which is set as well; set one of them");
    }
}

/// Warns of a rule that admits every caller with a token, such as one that was meant to add to the roles.
void warnOfOpenRule(ParsedSettings& parsed, const std::string& key, const security::AccessRule& rule) {
    using Kind = security::AccessRule::Kind;
    if (rule.namesOf(Kind::roles).empty() && rule.namesOf(Kind::scopes).empty() &&
        rule.namesOf(Kind::permissions).empty()) {
        parsed.addNote(key, "demands no role, scope or permission, so every caller with a good token passes");
    }
}

/// Accepts tokens for a resource; for one without a path in both spellings (RFC 3986 section 6.2.3), since
/// clients that parse a URL write the slash.
void addAudiences(std::vector<std::string>& audiences, const std::string& identifier) {
    audiences.push_back(identifier);
    const auto slash = identifier.find('/', identifier.find("://") + 3);
    if (slash == std::string::npos) audiences.push_back(identifier + "/");
    if (slash == identifier.size() - 1) audiences.push_back(identifier.substr(0, slash));
}

}  // namespace

void addResourceSettings(std::vector<SettingDefinition>& table) {
    table.push_back(define(
        "server.resource", ListType{true}, "", Applies::atOnce,
        "The https URLs under which clients know this API, such as https://api.example.com/. Each has a "
        "public document at /.well-known/oauth-protected-resource (RFC 9728), to which the challenges of "
        "refusals point, and is accepted in the claim aud beside auth.audience (RFC 8707). If empty, there "
        "is "
        "none.",
        [](Settings& s, std::vector<std::string> value) -> Reason {
            if (auto why = security::ProtectedResources::faultOf(value)) return why;
            s.resources.identifiers = std::move(value);
            return accepted;
        }));
    table.push_back(define("server.resourceName", TextType{true}, "", Applies::atOnce,
                           "The name of the API for people, in the documents of server.resource.",
                           keepIn([](Settings& s) { return &s.resources.name; })));
    table.push_back(
        define("server.resourceDocumentation", TextType{true}, "", Applies::atOnce,
               "The URL of a page for developers who use the API, in the documents of server.resource.",
               keepIn([](Settings& s) { return &s.resources.documentation; })));
}

void addAccessSettings(std::vector<SettingDefinition>& table) {
    addRoles(table);
    addRules(table);
}

void checkResources(ParsedSettings& parsed) {
    auto& resources = parsed.settings.resources;
    if (!resources.documentation.empty() && !httpUrl(resources.documentation)) {
        parsed.addFault("server.resourceDocumentation",
                        inQuotes(resources.documentation) + " is not an http or https URL");
    }
    const auto& server = parsed.settings.server;
    resources.acceptsCertificateBound =
        server.isSecure() && server.tls.expected() != http::ClientCertificates::Off;
    for (auto& issuer : parsed.settings.auth.issuers) {
        // RFC 8414 section 2: an https URL; others, such as FusionAuth's "acme.com", nobody can look up.
        const auto url = httpUrl(issuer.policy.issuer);
        if (url && !isPlainHttpToOthers(*url)) resources.authorizationServers.push_back(issuer.policy.issuer);
        for (const auto& identifier : resources.identifiers)
            addAudiences(issuer.policy.audiences, identifier);
        issuer.policy.acceptsCertificateBound = resources.acceptsCertificateBound;
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
    warnOfOpenRule(parsed, "access.makeChange", access.makeChange);
    warnOfOpenRule(parsed, "access.panic", access.panic);
}

}  // namespace changebank::daemon
