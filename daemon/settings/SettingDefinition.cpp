#include "changebank/daemon/settings/SettingDefinition.h"

#include <algorithm>
#include <numeric>

#include "changebank/base/text/Ascii.h"
#include "changebank/base/text/ForeignText.h"
#include "changebank/base/text/Trimmed.h"
#include "changebank/daemon/http/message/FieldSyntax.h"
#include "changebank/daemon/settings/DecisionSettings.h"
#include "changebank/daemon/settings/DecisionTokenSettings.h"
#include "changebank/daemon/settings/LimitSettings.h"
#include "changebank/daemon/settings/ProxySettings.h"
#include "changebank/daemon/settings/RevocationSettings.h"
#include "changebank/daemon/settings/SettingStore.h"
#include "changebank/daemon/settings/TraceSettings.h"
#include "changebank/daemon/settings/values/LogLevel.h"
#include "changebank/daemon/settings/values/SettingType.h"
#include "changebank/security/guard/AccessRule.h"
#include "changebank/security/guard/AllowedOrigins.h"
#include "changebank/security/guard/ProtectedResources.h"

namespace changebank::daemon {

using namespace std::chrono_literals;

namespace {

/// A store of a list of algorithms.
template <typename Place>
auto algorithmsIn(Place place) {
    return [place](Settings& settings, const std::string& value) -> Reason {
        const auto algorithms = security::AlgorithmSet::parse(value);
        if (!algorithms) return inQuotes(value) + " is not a list of supported algorithms";
        *place(settings) = *algorithms;
        return accepted;
    };
}

void addServer(std::vector<SettingDefinition>& table) {
    table.push_back(define(
        "server.host", TextType{}, "127.0.0.1", Applies::byAnotherListener,
        "The address or host name to listen on; 0.0.0.0 or :: listens on every address of the machine.",
        keepIn([](Settings& s) { return &s.server.host; })));
    table.push_back(
        define("server.port", IntegerType{0, 65535}, "3000", Applies::byAnotherListener,
               "The port to listen on; 0 picks a free one, which the log line 'listening on' shows.",
               keepIn([](Settings& s) { return &s.server.port; })));
    table.push_back(define(
        "server.socket", PathType{}, "", Applies::byAnotherListener,
        "A Unix socket to listen on instead of server.host and server.port, with mode 0660, for a proxy on "
        "this machine that is in the daemon's group. It speaks plain HTTP. Name unix in "
        "server.trustedProxies to see the clients behind it.",
        keepIn([](Settings& s) { return &s.server.socket; })));
}

/// A limit of the HTTP server.
template <typename Type, typename Member>
SettingDefinition defineLimit(std::string key, Type type, std::string_view defaultValue,
                              std::string_view meaning, Member member) {
    return define(std::move(key), type, defaultValue, Applies::atOnce, meaning,
                  keepIn([member](Settings& s) { return &(s.server.limits.*member); }));
}

void addLimits(std::vector<SettingDefinition>& table) {
    using http::ServerLimits;
    const DurationType deadline{100ms, 1h};
    table.push_back(define("server.threads", IntegerType{0, 256}, "0", Applies::byAnotherListener,
                           "The number of event loops that serve connections; 0 means one per core available "
                           "to the process (CPU affinity and cgroup limit).",
                           keepIn([](Settings& s) { return &s.server.limits.threads; })));
    table.push_back(
        defineLimit("server.maxConnections", IntegerType{1, 1'000'000}, "10000",
                    "The maximum number of open connections; further ones get a 503 and are closed.",
                    &ServerLimits::maxConnections));
    table.push_back(defineLimit("server.maxConnectionsPerClient", IntegerType{0, 1'000'000}, "0",
                                "The maximum number of open connections from one client; 0 means no limit. "
                                "Further ones get a 503. An IPv4 "
                                "address is a client; of IPv6 see server.ipv6ClientPrefix.",
                                &ServerLimits::maxConnectionsPerClient));
    table.push_back(defineLimit(
        "server.ipv6ClientPrefix", IntegerType{16, 128}, "64",
        "How many leading bits of an IPv6 address make a client for server.maxConnectionsPerClient: "
        "providers usually give a customer a whole /64.",
        &ServerLimits::ipv6ClientPrefix));
    table.push_back(defineLimit(
        "server.maxConnectionMemory",
        SizeType{std::uint64_t{16} * 1024 * 1024, std::uint64_t{64} * 1024 * 1024 * 1024}, "128MiB",
        "The maximum memory of all connections together: incomplete requests, responses that clients do not "
        "read, "
        "and TLS, of which an open connection needs 14 KiB and a handshake 70 KiB. Beyond it those that have "
        "held "
        "memory longest are closed, with a 503 if they are sending a request.",
        &ServerLimits::maxConnectionMemory));
    table.push_back(defineLimit("server.headerTimeout", deadline, "10s",
                                "The time limit for a client to send a request's complete head.",
                                &ServerLimits::headerTimeout));
    table.push_back(defineLimit("server.bodyTimeout", deadline, "10s",
                                "The time limit for a client to send a request's complete body.",
                                &ServerLimits::bodyTimeout));
    table.push_back(defineLimit("server.idleTimeout", deadline, "75s",
                                "How long a connection may stay idle between requests. Must be longer than a "
                                "load balancer or proxy in front keeps its idle connections (mostly 60s), or "
                                "some requests fail with a 502.",
                                &ServerLimits::idleTimeout));
    table.push_back(defineLimit("server.writeTimeout", deadline, "10s",
                                "The time limit for a client to read a complete response.",
                                &ServerLimits::writeTimeout));
    table.push_back(defineLimit(
        "server.drainDelay", DurationType{0s, 1h}, "0s",
        "How long the daemon serves on after it was told to stop, while GET /readyz says 503 and responses "
        "close their connections, so that load balancers leave it in time. The same for an address that a "
        "reload leaves.",
        &ServerLimits::drainDelay));
    table.push_back(defineLimit(
        "server.drainTimeout", DurationType{0s, 1h}, "30s",
        "How long requests in flight may take when the daemon stops, after server.drainDelay; then they are "
        "aborted.",
        &ServerLimits::drainTimeout));
    table.push_back(define("server.blockingThreads", IntegerType{1, 1024}, "16", Applies::byAnotherListener,
                           "The number of threads for handlers that may wait.",
                           keepIn([](Settings& s) { return &s.server.limits.blockingThreads; })));
    table.push_back(define("server.reservedThreads", IntegerType{1, 1024}, "4", Applies::byAnotherListener,
                           "The number of further threads, for panics alone.",
                           keepIn([](Settings& s) { return &s.server.limits.reservedThreads; })));
    table.push_back(defineLimit(
        "server.maxBlockingQueue", IntegerType{0, 1'000'000}, "1024",
        "The maximum number of requests that wait for each kind of thread; further ones get a 503.",
        &ServerLimits::maxBlockingQueue));
    table.push_back(
        defineLimit("server.maxHeaderBytes", SizeType{1024, std::uint64_t{1024} * 1024}, "32KiB",
                    "The maximum size of a request's head, tokens included; larger ones get a 431.",
                    &ServerLimits::maxHeaderBytes));
    table.push_back(defineLimit("server.maxBodyBytes", SizeType{0, std::uint64_t{16} * 1024 * 1024}, "64KiB",
                                "The maximum size of a request's body; larger ones get a 413.",
                                &ServerLimits::maxBodyBytes));
}

void addTls(std::vector<SettingDefinition>& table) {
    table.push_back(define("server.tls.certificate", PathType{}, "", Applies::toNewConnections,
                           "A PEM file with the server's certificate chain; together with server.tls.key it "
                           "enables HTTPS. A reload always reads both files again.",
                           keepIn([](Settings& s) { return &s.server.tls.certificate; })));
    table.push_back(define("server.tls.key", PathType{}, "", Applies::toNewConnections,
                           "A PEM file with the certificate's private key, without a passphrase.",
                           keepIn([](Settings& s) { return &s.server.tls.key; })));
    table.push_back(define("server.tls.clientCa", PathType{}, "", Applies::toNewConnections,
                           "A PEM file with certificate authorities; if set, a client's certificate must be "
                           "issued by one of them, and clients must present one unless "
                           "server.tls.clientCertificates is request.",
                           keepIn([](Settings& s) { return &s.server.tls.clientCa; })));
    table.push_back(define(
        "server.tls.clientCertificates", OptionalChoiceType{{{"off", "request", "require"}}}, "",
        Applies::toNewConnections,
        "Whether clients are asked for a certificate. request, for tokens that are bound to one (RFC 8705), "
        "also admits clients without a certificate, and any certificate, even one that is self-signed or "
        "has expired, unless server.tls.clientCa is set; require demands one issued by server.tls.clientCa. "
        "If empty, require with server.tls.clientCa and off without.",
        [](Settings& s, std::optional<std::size_t> value) -> Reason {
            auto& kept = s.server.tls.clientCertificates;
            kept.reset();
            if (value) kept = static_cast<http::ClientCertificates>(*value);
            return accepted;
        }));
    table.push_back(define(
        "server.tls.hstsMaxAge", DurationType{0s, 24h * 730}, "4320h", Applies::atOnce,
        "For how long browsers that have had a response over HTTPS use nothing else for this host, in whole "
        "seconds (Strict-Transport-Security, RFC 6797). 0s leaves the field out; to take it back, set 1s for "
        "a while first. Requests for localhost never get it.",
        secondsIn([](Settings& s) { return &s.server.limits.hstsMaxAge; })));
}

void addResource(std::vector<SettingDefinition>& table) {
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

/// The settings of one issuer: those of auth.* for the first, of auth.issuer.NAME.* for another, which must
/// be named and described, since it has nothing to begin with.
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

void addDpop(std::vector<SettingDefinition>& table) {
    constexpr auto longestMaxAge = 10min;
    constexpr auto longestLeeway = 5min;
    static_assert(longestMaxAge + longestLeeway <=
                  std::chrono::duration<double>(security::ReplayStore::longestWindow));
    table.push_back(define("auth.dpop.maxAge", DurationType{1s, longestMaxAge}, "60s", Applies::atOnce,
                           "How long ago a DPoP proof may have been made, in whole seconds.",
                           secondsIn([](Settings& s) { return &s.auth.dpop.policy.maxAge; })));
    table.push_back(
        define("auth.dpop.leeway", DurationType{0s, longestLeeway}, "15s", Applies::atOnce,
               "The tolerated difference between this machine's clock and that of the maker of a DPoP "
               "proof, in whole seconds.",
               secondsIn([](Settings& s) { return &s.auth.dpop.policy.leeway; })));
    table.push_back(
        define("auth.dpop.algorithms", TextType{}, "ES256,ES384,Ed25519,RS256,PS256", Applies::atOnce,
               "The accepted signature algorithms of DPoP proofs, separated by commas: any of those of "
               "auth.algorithms. RSA keys may have up to 4096 bits.",
               algorithmsIn([](Settings& s) { return &s.auth.dpop.policy.algorithms; })));
    table.push_back(define(
        "auth.dpop.replay.entries", IntegerType{1'000, 100'000'000}, "1000000", Applies::atOnce,
        "How many DPoP proofs are remembered, so that none is used twice; at most 96 bytes for each. While "
        "so many are remembered, further requests with proofs get a 503. One is forgotten once it is too "
        "old to be used.",
        keepIn([](Settings& s) { return &s.auth.dpop.replays.entries; })));
    table.push_back(define(
        "auth.dpop.replay.entriesPerCaller", IntegerType{1'000, 100'000'000}, "100000", Applies::atOnce,
        "How many are remembered of one caller (the subject of an issuer) at least; somewhat "
        "beyond that, the caller's further ones get a 429. At most auth.dpop.replay.entries.",
        keepIn([](Settings& s) { return &s.auth.dpop.replays.entriesPerCaller; })));
    table.push_back(define(
        "auth.dpop.replay.shared", BooleanType{}, "false", Applies::atOnce,
        "Whether a DPoP proof that was used at another replica is refused: the replicas share their uses by "
        "revocation.redis. Each request with a proof waits for its answer.",
        keepIn([](Settings& s) { return &s.auth.dpop.sharesReplays; })));
    table.push_back(define("auth.dpop.replay.whenUnavailable", ChoiceType{{"closed", "open"}}, "closed",
                           Applies::atOnce,
                           "What happens to a request with a proof while it does not answer: closed answers "
                           "with 503, open goes by the uses at this replica.",
                           [](Settings& s, std::size_t value) -> Reason {
                               s.auth.dpop.passesWhenUnavailable = value == 1;
                               return accepted;
                           }));
    table.push_back(define("auth.dpop.nonce", BooleanType{}, "false", Applies::atOnce,
                           "Whether a DPoP proof needs a nonce of the server, so that nobody can make one in "
                           "advance. A client without one gets it with a 401 and tries again.",
                           keepIn([](Settings& s) { return &s.auth.dpop.needsNonce; })));
    table.push_back(define("auth.dpop.nonce.lifetime", DurationType{10s, 1h}, "5m", Applies::atOnce,
                           "How long a nonce is good at least, in whole seconds; at most twice as long.",
                           secondsIn([](Settings& s) { return &s.auth.dpop.nonceLifetime; })));
    table.push_back(
        define("auth.dpop.nonce.secretFile", PathType{}, "", Applies::atOnce,
               "A file with a secret of 32 bytes or more, from which nonces are made: servers with the "
               "same one accept each other's. If empty, a random secret until the daemon stops.",
               keepIn([](Settings& s) { return &s.auth.dpop.nonceSecretFile; })));
}

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

void addAccess(std::vector<SettingDefinition>& table) {
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

void addPage(std::vector<SettingDefinition>& table) {
    table.push_back(define("page.login", TextType{true}, "", Applies::atOnce,
                           "The URL where the page's users log in; it must set the cookie auth.cookie to the "
                           "token. {page} stands for the page's own URL. If empty, the hosted login of "
                           "auth.issuer for the first application of auth.audience.",
                           keepIn([](Settings& s) { return &s.page.login; })));
    table.push_back(define("page.logout", TextType{true}, "", Applies::atOnce,
                           "The URL where users log out, in the same form; if empty, the hosted logout.",
                           keepIn([](Settings& s) { return &s.page.logout; })));
    table.push_back(
        define("page.explain", BooleanType{}, "true", Applies::atOnce,
               "Whether GET /explain tells callers, and the page shows them, how their own token is "
               "judged: what each check expected and found. Never with auth.errors=minimal.",
               keepIn([](Settings& s) { return &s.page.explain; })));
    table.push_back(
        define("page.brokenTokens", TextType{true}, "", Applies::atOnce,
               "For development: the URL where the page gets tokens with a fault, to show how they "
               "are refused; {kind} stands for the fault. kickstartd makes them, at "
               "/kickstartd/broken-token. If empty, the page does not offer it.",
               keepIn([](Settings& s) { return &s.page.brokenTokens; })));
}

void addCors(std::vector<SettingDefinition>& table) {
    table.push_back(define("cors.origins", ListType{true}, "", Applies::atOnce,
                           "Other origins whose pages may call the API with their user's token and read the "
                           "responses, spelled exactly as browsers do, such as https://app.example.com.",
                           [](Settings& s, std::vector<std::string> value) -> Reason {
                               for (const auto& origin : value) {
                                   if (const auto why = security::AllowedOrigins::faultOf(origin))
                                       return inQuotes(origin) + " " + *why;
                               }
                               s.corsOrigins = std::move(value);
                               return accepted;
                           }));
}

void addLog(std::vector<SettingDefinition>& table) {
    const ChoiceType levels{{logLevelNames.begin(), logLevelNames.end()}};
    table.push_back(define(
        "log.level", levels, "information", Applies::atOnce, "The minimum level of messages to log.",
        [](Settings& s, std::size_t value) -> Reason {
            s.logLevel =
                static_cast<Poco::Message::Priority>(Poco::Message::PRIO_FATAL + static_cast<int>(value));
            return accepted;
        }));
}

void addLogLines(std::vector<SettingDefinition>& table) {
    table.push_back(define("log.target", LogTargetType{}, "stderr", Applies::atOnce,
                           "Where to log. A file is appended to, created with mode 0640 and reopened on a "
                           "reload and on SIGUSR1; syslog uses the facility daemon; journal is that of "
                           "systemd, by its native protocol, with fields for requests and audit events.",
                           keepIn([](Settings& s) { return &s.logTarget; })));
    table.push_back(define("log.format", ChoiceType{{"text", "json"}}, "text", Applies::atOnce,
                           "The format of log lines: text for people, or json, one object per line.",
                           [](Settings& s, std::size_t value) -> Reason {
                               s.logJson = value == 1;
                               return accepted;
                           }));
    table.push_back(define("log.access", BooleanType{}, "true", Applies::atOnce,
                           "Whether to log every request, at the level information.",
                           keepIn([](Settings& s) { return &s.logAccess; })));
    table.push_back(define("log.access.probes", BooleanType{}, "false", Applies::atOnce,
                           "Whether log.access includes GET /livez and GET /readyz that succeed. Those with "
                           "status 400 or more are always logged, and the metrics count all of them.",
                           keepIn([](Settings& s) { return &s.logProbes; })));
    table.push_back(define(
        "log.buffer", SizeType{std::uint64_t{16} * 1024, std::uint64_t{256} * 1024 * 1024}, "1MiB",
        Applies::atOnce,
        "The memory for log lines that wait to be written. While the reader of the log stalls, requests "
        "are still served and further lines are lost; their number is a metric and, later, a line in the "
        "log.",
        keepIn([](Settings& s) { return &s.logBuffer; })));
}

void addAudit(std::vector<SettingDefinition>& table) {
    table.push_back(
        define("audit.file", PathType{}, "", Applies::atOnce,
               "A file to which every panic, every revocation and the denied callers (see "
               "audit.refusalsPerMinute) are appended and flushed to disk before the response is sent; if "
               "that fails, a panic gets a 503. "
               "If empty, these lines go to the log under the source audit, at any log level.",
               keepIn([](Settings& s) { return &s.auditFile; })));
    table.push_back(define("audit.refusalsPerMinute", IntegerType{1, 1'000'000}, "60", Applies::atOnce,
                           "The maximum number of denied roles, scopes and permissions per caller and minute "
                           "that get an audit line of their own; one more line says that further ones are "
                           "only counted.",
                           keepIn([](Settings& s) { return &s.auditRefusalsPerMinute; })));
    table.push_back(define("audit.timeout", DurationType{10ms, 1min}, "1s", Applies::atOnce,
                           "How long a panic or a denial waits for its line to be written; after that a "
                           "panic gets a 503.",
                           keepIn([](Settings& s) { return &s.auditTimeout; })));
}

void addAdmin(std::vector<SettingDefinition>& table) {
    table.push_back(define(
        "admin.socket", PathType{}, "/run/changebank/admin.sock", Applies::byAnotherListener,
        "The Unix socket for changebankctl, with mode 0660, for root, the daemon's user and its group; if "
        "empty, none. If you set it, the daemon does not start without it; if the default cannot be opened "
        "(its folder is missing or another instance uses it), the daemon logs a warning and runs without it.",
        keepIn([](Settings& s) { return &s.admin.socket; })));
}

void addMetrics(std::vector<SettingDefinition>& table) {
    table.push_back(define("metrics.host", TextType{}, "127.0.0.1", Applies::byAnotherListener,
                           "The address or host name on which to serve GET /metrics, without TLS or "
                           "authentication; see metrics.port.",
                           keepIn([](Settings& s) { return &s.metrics.host; })));
    table.push_back(define("metrics.port", OptionalIntegerType{{0, 65535}}, "", Applies::byAnotherListener,
                           "The port for GET /metrics in Prometheus' text format; 0 picks a free one, which "
                           "the log shows; if empty, metrics are available on the admin socket only.",
                           keepIn([](Settings& s) { return &s.metrics.port; })));
}

std::vector<SettingDefinition> makeTable(const std::vector<std::string>& issuers,
                                         const std::vector<unsigned>& rules) {
    std::vector<SettingDefinition> table;
    addServer(table);
    addLimits(table);
    addProxySettings(table);
    addTls(table);
    addResource(table);
    IssuerTable first(table, Settings::Issuer().name, 0);
    first.addPolicy();
    addAuthentication(table);
    addDpop(table);
    first.addKeys();
    for (std::size_t i = 0; i < issuers.size(); ++i) {
        IssuerTable further(table, issuers[i], i + 1);
        further.addPolicy();
        further.addKeys();
    }
    addRoles(table);
    addAccess(table);
    addPage(table);
    addCors(table);
    addLog(table);
    addLogLines(table);
    addAudit(table);
    addAdmin(table);
    addMetrics(table);
    addRevocationSettings(table);
    addDecisionSettings(table, rules);
    addDecisionTokenSettings(table);
    addTraceSettings(table);
    addLimitSettings(table);
    return table;
}

/// The Levenshtein distance, ignoring case.
std::size_t distance(std::string_view left, std::string_view right) {
    std::vector<std::size_t> row(right.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= left.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= right.size(); ++j) {
            const std::size_t replaced = diagonal + (toLower(left[i - 1]) == toLower(right[j - 1]) ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row.back();
}

/// The setting whose spelling is closest to a text; nullptr if none is close.
template <typename Spelling>
const SettingDefinition* nearestBy(const std::vector<SettingDefinition>& table, std::string_view text,
                                   Spelling spelling) {
    constexpr std::size_t maxLength = 64;
    if (text.size() > maxLength) return nullptr;
    const SettingDefinition* nearest = nullptr;
    std::size_t minSteps = text.size() / 3 + 1;
    for (const auto& definition : table) {
        const auto steps = distance(text, spelling(definition));
        if (steps >= minSteps) continue;
        minSteps = steps;
        nearest = &definition;
    }
    return nearest;
}

}  // namespace

std::string_view whenOf(Applies applies) noexcept {
    switch (applies) {
        case Applies::atOnce:
            return "immediately";
        case Applies::toNewConnections:
            return "to new connections";
        case Applies::byAnotherListener:
            return "by switching to a new listener";
    }
    return {};
}

std::string SettingDefinition::environmentVariable() const {
    std::string name(environmentPrefix);
    for (const char c : key) {
        name += c == '.' || c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    return name;
}

SettingTable::SettingTable(const std::vector<std::string>& issuers, const std::vector<unsigned>& rules)
    : _all(makeTable(issuers, rules)) {
    for (std::size_t i = 0; i < _all.size(); ++i)
        _places.emplace(_all[i].key, i);
}

const SettingTable& SettingTable::base() {
    static const SettingTable table({}, {});
    return table;
}

std::vector<std::string> SettingTable::keys() const {
    std::vector<std::string> keys;
    for (const auto& definition : _all)
        keys.push_back(definition.key);
    return keys;
}

const SettingDefinition* SettingTable::find(std::string_view key) const {
    const auto found = _places.find(key);
    return found == _places.end() ? nullptr : &_all[found->second];
}

const SettingDefinition* SettingTable::findVariable(std::string_view name) const {
    const auto found = std::find_if(_all.begin(), _all.end(),
                                    [&](const auto& each) { return each.environmentVariable() == name; });
    return found == _all.end() ? nullptr : &*found;
}

std::string_view SettingTable::nearest(std::string_view key) const {
    const auto* definition = nearestBy(_all, key, [](const auto& each) { return each.key; });
    return definition == nullptr ? std::string_view() : definition->key;
}

std::string SettingTable::nearestVariable(std::string_view name) const {
    const auto* definition = nearestBy(_all, name.substr(environmentPrefix.size()), [](const auto& each) {
        return each.environmentVariable().substr(environmentPrefix.size());
    });
    return definition == nullptr ? std::string() : definition->environmentVariable();
}

}  // namespace changebank::daemon
