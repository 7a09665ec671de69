#include "changebank/daemon/settings/IssuerSettings.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "changebank/base/http/HttpUrl.h"
#include "changebank/base/text/ForeignText.h"
#include "changebank/daemon/http/message/FieldSyntax.h"
#include "changebank/daemon/settings/IssuerDefinitions.h"
#include "changebank/daemon/settings/SettingStore.h"
#include "changebank/daemon/settings/files/AuthoritiesFile.h"
#include "changebank/daemon/settings/files/FileAccess.h"
#include "changebank/security/keys/DiscoveringJwksFetcher.h"

namespace changebank::daemon {

namespace {

constexpr std::string_view jwksPath = "/.well-known/jwks.json";

/// Why a list does not name further issuers, if so.
Reason faultOfIssuerNames(const std::vector<std::string>& names) {
    constexpr std::size_t maxNames = 100;
    constexpr std::size_t maxLength = 32;
    if (names.size() > maxNames) return "has more than " + std::to_string(maxNames) + " names";
    const auto isPlain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
    for (auto name = names.begin(); name != names.end(); ++name) {
        if (name->size() > maxLength || !std::all_of(name->begin(), name->end(), isPlain) ||
            *name == Settings::Issuer().name) {
            return inQuotes(*name) +
                   " is not a name of at most 32 lower-case letters, digits and hyphens, other "
                   "than default";
        }
        if (std::find(names.begin(), name, *name) != name) return inQuotes(*name) + " is there twice";
        // CHANGEBANK_AUTH_ISSUER_A_CLAIMS_ROLES would be a setting of both.
        for (const auto* group : {"-claims", "-jwks"}) {
            if (std::find(names.begin(), names.end(), *name + group) != names.end())
                return inQuotes(*name) + " and " + inQuotes(*name + group) +
                       " would have the same environment variables";
        }
    }
    return accepted;
}

void addAuthentication(std::vector<SettingDefinition>& table) {
    table.push_back(
        define("auth.cookie", TextType{}, "app.at", Applies::atOnce,
               "The cookie that may contain the token; it takes precedence over the header Authorization.",
               [](Settings& s, std::string value) -> Reason {
                   // RFC 6265 section 4.1.1.
                   if (!http::isToken(value)) return inQuotes(value) + " is not a valid cookie name";
                   s.auth.cookie = std::move(value);
                   return accepted;
               }));
    table.push_back(define("auth.errors", ChoiceType{{"detailed", "minimal"}}, "detailed", Applies::atOnce,
                           "How much a denied caller learns: detailed names the cause, minimal gives the "
                           "same response for every invalid token.",
                           [](Settings& s, std::size_t value) -> Reason {
                               s.auth.errors = value == 0 ? security::ErrorDetail::detailed
                                                          : security::ErrorDetail::minimal;
                               return accepted;
                           }));
    table.push_back(define(
        "auth.issuers", ListType{true}, "", Applies::atOnce,
        "The names of further issuers, such as ci,partner. Each is described by auth.issuer.NAME.url, "
        "auth.issuer.NAME.audience and, where the defaults do not fit, the other settings that auth. has: "
        "auth.issuer.NAME.profile, auth.issuer.NAME.jwks.uri and so on. The issuer of auth.issuer is the "
        "first "
        "and is called default.",
        [](Settings&, const std::vector<std::string>& names) { return faultOfIssuerNames(names); }));
    table.push_back(define("auth.requiredIssuers", ListType{true}, "default", Applies::atOnce,
                           "The names of the issuers without whose keys GET /readyz says 503.",
                           keepIn([](Settings& s) { return &s.auth.requiredIssuers; })));
    table.push_back(define("auth.cache.entries", IntegerType{0, 1'000'000}, "10000", Applies::atOnce,
                           "The maximum number of verified tokens in the cache; 0 disables the cache.",
                           keepIn([](Settings& s) { return &s.auth.cacheEntries; })));
}

/// Why keys may not be fetched from that address, if so.
std::optional<std::string> faultOfUri(const Settings::Jwks& jwks, const std::string& allowHttp) {
    const auto uri = httpUrl(jwks.uri);
    if (!uri) return inQuotes(jwks.uri) + " is not an http or https URL";
    if (!uri->getUserInfo().empty()) return std::string("must not contain a user name or password");
    if (!uri->getFragment().empty()) return std::string("must not have a fragment");
    if (isPlainHttpToOthers(*uri) && !jwks.allowHttp) {
        return "is plain http to another machine, so that keys could be replaced on the way; use https, or "
               "set " +
               allowHttp + " to true";
    }
    return std::nullopt;
}

std::optional<std::string> faultOfProxy(const std::string& proxy) {
    if (proxy.find('@') != std::string::npos) {
        return std::string(
            "must not contain a user name or password; the environment variable HTTPS_PROXY may");
    }
    if (!httpUrl(proxy)) return inQuotes(proxy) + " is not an http or https URL";
    return std::nullopt;
}

/// Derives missing settings of an issuer's key set and checks their combination.
void checkKeys(ParsedSettings& parsed, Settings::Issuer& issuer) {
    auto& jwks = issuer.jwks;
    const auto key = issuer.key("jwks.uri");
    const bool derived = jwks.uri.empty();
    if (!derived && issuer.discovery) {
        parsed.addFault(key, "cannot be set together with " + issuer.key("discovery"));
        return;
    }
    if (issuer.discovery && issuer.policy.issuer.find_first_of("?#") != std::string::npos) {
        parsed.addFault(issuer.key("discovery"), "is not possible for an issuer with a query or a fragment");
        return;
    }
    if (derived) {
        jwks.uri = issuer.urlOf(issuer.discovery ? security::openIdConfigurationPath : jwksPath);
        parsed.effective[key].place = parsed.effective[issuer.key("url")].place;
        if (!issuer.discovery) parsed.effective[key].text = jwks.uri;
    }
    if (auto why = faultOfUri(jwks, issuer.key("jwks.allowHttp")))
        parsed.addFault(key, *why + (derived ? " (derived from " + issuer.key("url") + ")" : ""));
    if (auto why = jwks.proxy.empty() ? std::nullopt : faultOfProxy(jwks.proxy))
        parsed.addFault(issuer.key("jwks.proxy"), std::move(*why));
    const auto uri = httpUrl(jwks.uri);
    if (!jwks.tokenFile.empty() && uri && isPlainHttpToOthers(*uri))
        parsed.addFault(issuer.key("jwks.tokenFile"), "would be sent over plain http to another machine");
}

void checkRequiredIssuers(ParsedSettings& parsed) {
    const auto& auth = parsed.settings.auth;
    for (const auto& name : auth.requiredIssuers) {
        if (std::none_of(auth.issuers.begin(), auth.issuers.end(),
                         [&](const auto& issuer) { return issuer.name == name; })) {
            parsed.addFault("auth.requiredIssuers",
                            inQuotes(name) + " is neither default nor in auth.issuers");
        }
    }
}

/// Issuers with one key server must agree on it, since its keys are fetched once, and on their algorithms,
/// since each key has one only.
void checkSharedKeys(ParsedSettings& parsed, const Settings::Issuer& issuer, const Settings::Issuer& other) {
    if (issuer.jwks.uri != other.jwks.uri) return;
    const auto key = issuer.key(issuer.discovery ? "url" : "jwks.uri");
    const auto itsKey = other.key(other.discovery ? "url" : "jwks.uri");
    if (issuer.discovery || other.discovery) {
        parsed.addFault(key, "has the OpenID configuration of " + itsKey + ", which is that of one issuer");
    } else if (!(issuer.jwks == other.jwks) || issuer.policy.algorithms != other.policy.algorithms) {
        parsed.addFault(key,
                        "is that of " + itsKey +
                            ", so all other settings of jwks and the algorithms must be the same as well");
    }
}

/// Warns of issuers whose tokens those of the same key server can forge.
void warnOfSharedKeys(ParsedSettings& parsed) {
    std::map<std::string, std::vector<const Settings::Issuer*>> byUri;
    for (const auto& issuer : parsed.settings.auth.issuers)
        byUri[issuer.jwks.uri].push_back(&issuer);
    for (const auto& [uri, sharing] : byUri) {
        std::string tenants;
        for (const auto* issuer : sharing) {
            if (issuer->policy.tenant.empty())
                tenants += (tenants.empty() ? "" : ", ") + issuer->key("tenant");
        }
        if (sharing.size() < 2 || tenants.empty()) continue;
        parsed.notes.push_back(
            std::to_string(sharing.size()) + " issuers have their keys at " + inQuotes(uri) +
            ", so anybody who has one of those keys can issue tokens for all of them; set " + tenants +
            " so that each accepts only its own");
    }
}

}  // namespace

void addIssuerSettings(std::vector<SettingDefinition>& table) {
    addPolicyDefinitions(table, Settings::Issuer().name, 0);
    addAuthentication(table);
}

void addIssuerKeySettings(std::vector<SettingDefinition>& table, const std::vector<std::string>& issuers) {
    addKeyDefinitions(table, Settings::Issuer().name, 0);
    for (std::size_t i = 0; i < issuers.size(); ++i) {
        addPolicyDefinitions(table, issuers[i], i + 1);
        addKeyDefinitions(table, issuers[i], i + 1);
    }
}

void checkIssuers(ParsedSettings& parsed) {
    auto& issuers = parsed.settings.auth.issuers;
    for (auto issuer = issuers.begin(); issuer != issuers.end(); ++issuer) {
        for (const auto* required : {"url", "audience"}) {
            auto& setting = parsed.effective[issuer->key(required)];
            if (setting.text.empty()) setting.place = parsed.effective["auth.issuers"].place;
        }
        if (issuer->policy.issuer.empty()) {
            parsed.addFault(issuer->key("url"),
                            "must be set, since auth.issuers names " + inQuotes(issuer->name));
            continue;
        }
        if (issuer->policy.audiences.empty()) parsed.addFault(issuer->key("audience"), "must be set");
        checkKeys(parsed, *issuer);
        for (auto other = issuers.begin(); other != issuer; ++other) {
            if (other->policy.issuer == issuer->policy.issuer)
                parsed.addFault(issuer->key("url"), "is that of " + other->key("url") + " as well");
            checkSharedKeys(parsed, *issuer, *other);
        }
    }
    checkRequiredIssuers(parsed);
    warnOfSharedKeys(parsed);
}

void checkFilesOfKeys(ParsedSettings& parsed) {
    for (const auto& issuer : parsed.settings.auth.issuers) {
        const auto& jwks = issuer.jwks;
        if (auto why = jwks.caFile.empty() ? std::nullopt : faultOfAuthorities(jwks.caFile))
            parsed.addFault(issuer.key("jwks.caFile"), inQuotes(jwks.caFile) + " " + *why);
        if (auto why = jwks.tokenFile.empty() ? std::nullopt : faultOfReading(jwks.tokenFile))
            parsed.addFault(issuer.key("jwks.tokenFile"), inQuotes(jwks.tokenFile) + " " + *why);
        if (auto why = jwks.snapshot.empty() ? std::nullopt : faultOfReplacing(jwks.snapshot))
            parsed.addFault(issuer.key("jwks.snapshot"), std::move(*why));
    }
}

}  // namespace changebank::daemon
