#include "changebank/daemon/settings/IssuerDefinitions.h"

#include <string_view>
#include <utility>

#include "changebank/base/text/ForeignText.h"
#include "changebank/base/text/Trimmed.h"
#include "changebank/daemon/settings/SettingStore.h"

namespace changebank::daemon {

using namespace std::chrono_literals;

namespace {

class IssuerTable {
    // What deduces its type must stand before its use.
    template <typename Type, typename Store>
    void add(const std::string& suffix, Type type, std::string_view defaultValue, std::string_view meaning,
             Store store) {
        _table.push_back(define(_issuer.key(suffix), type, defaultValue, Applies::atOnce, meaning, store));
    }

    /// A store that accepts every value; `place` returns the address of the destination in the issuer.
    template <typename Place>
    auto keep(Place place) const {
        return keepIn([index = _place, place](Settings& s) { return place(s.auth.issuers[index]); });
    }

    template <typename Store>
    auto store(Store store) const {
        return [index = _place, store](Settings& s, auto value) -> Reason {
            store(s.auth.issuers[index], std::move(value));
            return accepted;
        };
    }

    /// A store of a claim's path.
    template <typename Store>
    auto keepPath(Store store) const {
        return [index = _place, store](Settings& s, const std::string& value) -> Reason {
            auto path = security::ClaimPath::parse(value);
            if (!path) return inQuotes(value) + notAPath;
            store(s.auth.issuers[index].policy.claims, std::move(*path));
            return accepted;
        };
    }

public:
    IssuerTable(std::vector<SettingDefinition>& table, std::string name, std::size_t place)
        : _table(table), _issuer{.name = std::move(name)}, _place(place) {}

    void addPolicy() {
        const bool isFirst = _place == 0;
        add("url", TextType{!isFirst}, isFirst ? "http://localhost:9011" : "",
            "The required value of the claim iss: the issuer of the tenant in FusionAuth.",
            keep([](auto& i) { return &i.policy.issuer; }));
        add("audience", ListType{!isFirst}, isFirst ? "e9fdb985-9173-4e01-9d73-ac2d60d1dc8e" : "",
            "The ids of the accepted applications; the claim aud must contain one of them.",
            keep([](auto& i) { return &i.policy.audiences; }));
        add("profile", ChoiceType{{"fusionauth", "rfc9068", "generic"}}, "fusionauth",
            "What the issuer's access tokens look like: fusionauth; rfc9068 (the type at+jwt and the claims "
            "that "
            "RFC 9068 requires); or generic, for Keycloak, Entra ID, Cognito, GitHub Actions, Kubernetes and "
            "others. Other tokens of the issuer, such as ID tokens, are rejected.",
            store([](auto& i, std::size_t value) {
                i.policy.profile = static_cast<security::TokenProfile>(value);
            }));
        add("algorithms", TextType{}, "RS256",
            "The accepted signature algorithms, separated by commas: any of RS256, RS384, RS512, PS256, "
            "PS384, "
            "PS512, ES256, ES384, ES512 and Ed25519 (also called EdDSA). A key that names no algorithm is "
            "used "
            "with one only: the first in this order that is accepted and fits.",
            algorithmsIn([place = _place](Settings& s) { return &s.auth.issuers[place].policy.algorithms; }));
        add("leeway", DurationType{0s, 10min}, "0s",
            "The tolerated difference between this machine's clock and the issuer's, in whole seconds.",
            secondsIn([place = _place](Settings& s) { return &s.auth.issuers[place].policy.leeway; }));
        add("requireExpiration", BooleanType{}, "true", "Whether to reject tokens without the claim exp.",
            keep([](auto& i) { return &i.policy.requireExpiration; }));
        addClaims();
        add("tenant", TextType{true}, "", "The id of the tenant; if set, the claim tid must equal it.",
            keep([](auto& i) { return &i.policy.tenant; }));
        add("dpop", ChoiceType{{"off", "allow", "require"}}, "off",
            "Whether access tokens are bound to a key of their sender, who proves with each request to have "
            "it "
            "(DPoP, RFC 9449): off rejects such tokens, allow accepts them beside others, require rejects "
            "others. Proofs must be for a URL of server.resource.",
            store([](auto& i, std::size_t value) { i.policy.dpop = static_cast<security::DpopUse>(value); }));
    }

    void addKeys() {
        add("discovery", BooleanType{}, "false",
            "Whether to take the URL of the key set from the issuer's OpenID configuration, at the issuer "
            "followed by /.well-known/openid-configuration. Its issuer must be this one exactly.",
            keep([](auto& i) { return &i.discovery; }));
        addKeyServer();
        addKeyLife();
    }

private:
    void addClaims() {
        using Paths = security::ClaimPaths;
        add("claims.subject", TextType{}, "sub",
            "The claim that says who the caller is, for the logs; tokens in which it is not a string with "
            "text "
            "are rejected.",
            keepPath([](Paths& paths, auto path) { paths.subject = std::move(path); }));
        add("claims.audience", TextType{}, "aud",
            "The claim that must contain the audience; Cognito's access tokens have client_id instead of "
            "aud.",
            keepPath([](Paths& paths, auto path) { paths.audience = std::move(path); }));
        add("claims.roles", ListType{}, "roles",
            "The claims with the caller's roles, as an array or as words in one string: roles, "
            "realm_access.roles (a member of a claim), https://example.com/roles, groups, permissions or "
            "scope. "
            "A name with points in it is written in quotation marks. Of several claims all roles count.",
            [place = _place](Settings& s, const std::vector<std::string>& value) -> Reason {
                std::vector<security::ClaimPath> paths;
                for (const auto& text : value) {
                    auto path = security::ClaimPath::parse(text);
                    if (!path) return inQuotes(text) + notAPath;
                    paths.push_back(std::move(*path));
                }
                s.auth.issuers[place].policy.claims.roles = std::move(paths);
                return accepted;
            });
        add("claims.roleMap", ListType{true}, "",
            "What the values of claims.roles stand for, as VALUE=ROLE, such as bank-tellers=teller; values "
            "that "
            "are not listed give no role then. If empty, a value is the name of a role.",
            [place = _place](Settings& s, const std::vector<std::string>& value) -> Reason {
                std::vector<std::pair<std::string, std::string>> map;
                for (const auto& entry : value) {
                    const auto equals = entry.rfind('=');
                    if (equals == std::string::npos || equals == 0 || equals + 1 == entry.size())
                        return inQuotes(entry) + " is not of the form VALUE=ROLE";
                    map.emplace_back(trimmed(entry.substr(0, equals)), trimmed(entry.substr(equals + 1)));
                }
                s.auth.issuers[place].policy.claims.roleMap = std::move(map);
                return accepted;
            });
        add("claims.scopes", TextType{}, "scope",
            "The claim with the token's scopes, in the same form; Entra ID and Okta call it scp.",
            keepPath([](Paths& paths, auto path) { paths.scopes = std::move(path); }));
        add("claims.permissions", TextType{}, "permissions",
            "The claim with the caller's permissions, in the same form.",
            keepPath([](Paths& paths, auto path) { paths.permissions = std::move(path); }));
    }

    void addKeyServer() {
        add("jwks.uri", TextType{true}, "",
            "The URL of the key set (JWKS); if empty, the issuer followed by /.well-known/jwks.json.",
            keep([](auto& i) { return &i.jwks.uri; }));
        add("jwks.allowHttp", BooleanType{}, "false",
            "Whether to allow fetching keys from another machine over plain http. Anyone who can change that "
            "traffic can forge tokens.",
            keep([](auto& i) { return &i.jwks.allowHttp; }));
        add("jwks.caFile", PathType{}, "",
            "A PEM file with the certificate authorities to trust when fetching keys; if empty, the "
            "system's.",
            keep([](auto& i) { return &i.jwks.caFile; }));
        add("jwks.tokenFile", PathType{}, "",
            "A file with a bearer token for the key server, such as the one of a pod's service account, "
            "which a "
            "Kubernetes API server wants; it is read for each fetch. If empty, none.",
            keep([](auto& i) { return &i.jwks.tokenFile; }));
        add("jwks.proxy", TextType{true}, "",
            "The URL of an HTTP proxy for fetching keys, such as http://proxy.example.com:3128; if empty, "
            "the one that the environment variables HTTPS_PROXY, HTTP_PROXY and NO_PROXY name. Keys from "
            "this machine are fetched without a proxy.",
            keep([](auto& i) { return &i.jwks.proxy; }));
        add("jwks.maxKeys", IntegerType{1, 10'000}, "500",
            "The maximum number of keys in the set; further ones are ignored.",
            keep([](auto& i) { return &i.jwks.maxKeys; }));
    }

    void addKeyLife() {
        add("jwks.snapshot", PathType{}, "",
            "A file that stores the last valid keys, so that the daemon can start while FusionAuth is down; "
            "if empty, none.",
            keep([](auto& i) { return &i.jwks.snapshot; }));
        add("jwks.maxAge", DurationType{1s, 24h}, "10m",
            "The age at which keys are fetched again, at the latest. The key server can shorten it by "
            "Cache-Control: max-age, no-cache or no-store, down to auth.jwks.minAge.",
            keep([](auto& i) { return &i.jwks.maxAge; }));
        add("jwks.minAge", DurationType{1s, 24h}, "30s",
            "The age before which Cache-Control does not make the daemon fetch keys again. FusionAuth sends "
            "no-cache, so this is how often its keys are fetched.",
            keep([](auto& i) { return &i.jwks.minAge; }));
        add("jwks.cooldown", DurationType{1s, 1h}, "30s",
            "The minimum time between two fetches caused by tokens with unknown keys.",
            keep([](auto& i) { return &i.jwks.cooldown; }));
        add("jwks.timeout", DurationType{100ms, 1min}, "5s",
            "The time limit for one complete fetch. Checking new keys may take as long again; keys that are "
            "not checked by then follow in later fetches.",
            keep([](auto& i) { return &i.jwks.timeout; }));
        add("jwks.maxWaiting", IntegerType{1, 1'000'000}, "1000",
            "The maximum number of requests that wait for a fetch; further ones that need it get a 503.",
            keep([](auto& i) { return &i.jwks.maxWaiting; }));
        add("jwks.staleFor", DurationType{0s, 720h}, "24h",
            "How long the last valid keys stay in use while fetches fail; after that every token gets a 503.",
            keep([](auto& i) { return &i.jwks.staleFor; }));
    }

    static constexpr const char* notAPath = " is not a claim or a path of claims, such as realm_access.roles";

    std::vector<SettingDefinition>& _table;
    Settings::Issuer _issuer;
    std::size_t _place;
};

}  // namespace

void addPolicyDefinitions(std::vector<SettingDefinition>& table, const std::string& issuer,
                          std::size_t place) {
    IssuerTable(table, issuer, place).addPolicy();
}

void addKeyDefinitions(std::vector<SettingDefinition>& table, const std::string& issuer, std::size_t place) {
    IssuerTable(table, issuer, place).addKeys();
}

}  // namespace changebank::daemon
