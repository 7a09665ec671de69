#pragma once

#include <Poco/Message.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "changebank/base/trace/TraceSampling.h"
#include "changebank/daemon/http/loop/ProxyTrust.h"
#include "changebank/daemon/http/loop/ServerLimits.h"
#include "changebank/daemon/http/socket/ServerTlsContext.h"
#include "changebank/daemon/settings/values/ListenerAddress.h"
#include "changebank/daemon/settings/values/LogTarget.h"
#include "changebank/daemon/settings/values/RedisAddress.h"
#include "changebank/handlers/bank/ChangeBank.h"
#include "changebank/handlers/decision/DecisionRule.h"
#include "changebank/handlers/decision/IdentityTokens.h"
#include "changebank/handlers/decision/RequestConvention.h"
#include "changebank/security/dpop/DpopVerifier.h"
#include "changebank/security/guard/ProtectedResources.h"
#include "changebank/security/guard/RefusalReporter.h"
#include "changebank/security/jose/JwkSet.h"
#include "changebank/security/keys/JwksEndpoint.h"
#include "changebank/security/limit/CallerLimits.h"
#include "changebank/security/revocation/RevocationList.h"
#include "changebank/security/token/TokenPolicy.h"

namespace changebank::daemon {

/// All settings, parsed and checked. A plain value; immutable while in use. Defaults, ranges and meanings are
/// defined by SettingTable.
struct Settings {
    struct Server {
        std::string host;
        std::uint16_t port = 0;
        /// Absolute path of a Unix socket to listen on instead; empty: host and port. Never with TLS.
        std::string socket;
        http::ServerLimits limits;
        /// Absolute paths; certificate and key are both set for HTTPS, or both empty for plain HTTP, which
        /// has no client certificates.
        http::TlsFiles tls;
        /// The proxies in front; limits.proxies is made from it unless none is trusted.
        http::ProxyTrust proxies;

        bool isSecure() const noexcept { return !tls.certificate.empty(); }

        friend bool operator==(const Server&, const Server&) = default;
    };

    struct Jwks {
        /// Never empty after parsing: derived from the issuer if not set. With Issuer::discovery the address
        /// of the issuer's OpenID configuration.
        std::string uri;
        bool allowHttp = false;
        /// Absolute path of a PEM file; empty: the system's certificate authorities.
        std::string caFile;
        /// Absolute path of a file with a bearer token for the key server; empty: none.
        std::string tokenFile;
        /// A URL; empty: as the environment says.
        std::string proxy;
        /// Absolute path; empty: none.
        std::string snapshot;
        std::size_t maxKeys = 0;
        std::chrono::milliseconds maxAge{0};
        std::chrono::milliseconds minAge{0};
        std::chrono::milliseconds cooldown{0};
        std::chrono::milliseconds timeout{0};
        std::chrono::milliseconds staleFor{0};
        std::size_t maxWaiting = 0;

        friend bool operator==(const Jwks&, const Jwks&) = default;
    };

    /// One issuer whose tokens are accepted.
    struct Issuer {
        /// As in auth.issuers; "default" for the one of auth.*.
        std::string name = "default";
        security::TokenPolicy policy{};
        /// The address of the keys is in the issuer's OpenID configuration.
        bool discovery = false;
        Jwks jwks{};

        /// The settings that describe it: `auth.audience` of the first is `auth.issuer.NAME.audience` of
        /// another. The one of the claim `iss` is `url`.
        std::string key(const std::string& suffix) const;

        /// Its URL followed by a path, which begins with a slash.
        std::string urlOf(std::string_view path) const;

        /// Where its keys are.
        security::JwksEndpoint endpoint() const;
    };

    struct Dpop {
        security::DpopPolicy policy;
        security::ReplayStore::Limits replays;
        /// Whether uses are shared by Revocation::redis, and whether a proof passes while it does not answer.
        bool sharesReplays = false;
        bool passesWhenUnavailable = false;
        /// Whether proofs need a nonce, and how long one is good.
        bool needsNonce = false;
        std::chrono::seconds nonceLifetime{0};
        /// Absolute path of a file with the secret of the nonces, and its content. Empty: one of the process.
        std::string nonceSecretFile;
        std::string nonceSecret;
    };

    struct Auth {
        /// The first is that of auth.*; the others are in the order of auth.issuers.
        std::vector<Issuer> issuers = std::vector<Issuer>(1);
        /// The names of those without whose keys the server is not ready.
        std::vector<std::string> requiredIssuers;
        Dpop dpop;
        std::string cookie;
        security::ErrorDetail errors = security::ErrorDetail::detailed;
        /// 0: no cache.
        std::size_t cacheEntries = 0;

        const Issuer& first() const noexcept { return issuers.front(); }
        /// Whether tokens of some issuer, or of each, may or must be DPoP-bound.
        bool usesDpop() const noexcept;
        bool requiresDpop() const noexcept;
    };

    struct Admin {
        /// Absolute path; empty: none.
        std::string socket;
        /// The path was set explicitly, so the socket must be available.
        bool isRequired = false;
    };

    struct Metrics {
        std::string host;
        /// std::nullopt: no separate listener.
        std::optional<std::uint16_t> port;
    };

    /// Is on if it has a file or a Redis.
    struct Revocation {
        /// Absolute path; empty: none.
        std::string file;
        std::optional<RedisAddress> redis;
        /// Absolute path of a file with the password, or `USER:PASSWORD`; what is in it. Empty: no password.
        std::string redisCredentialsFile;
        std::string redisUser;
        std::string redisPassword;
        /// Absolute path of a PEM file; empty: the system's certificate authorities.
        std::string redisCaFile;
        std::string redisStream;
        std::chrono::milliseconds redisTimeout{0};
        /// How long tokens are judged by what is known while Redis is out of reach, and whether they are
        /// accepted after it.
        std::chrono::milliseconds staleFor{0};
        bool staysOpen = false;
        security::RevocationList::Limits limits;
        /// Where FusionAuth's events are received, if anywhere.
        std::optional<ListenerAddress> listen;
        /// Absolute path of a file with the keys that sign the events, and those keys.
        std::string webhookKeyFile;
        std::shared_ptr<const security::JwkSet> webhookKeys;
        /// The key ids in the first issuer's set that sign them.
        std::vector<std::string> webhookKids;
        std::size_t webhookMaxBodyBytes = 0;
        std::chrono::seconds webhookLeeway{0};

        bool isOn() const noexcept { return !file.empty() || redis.has_value(); }
    };

    /// The decision endpoint, for proxies in front of other APIs.
    struct Decision {
        /// Where it is served, if anywhere.
        std::optional<ListenerAddress> listen;
        handlers::RequestConvention convention = handlers::RequestConvention::forwarded;
        /// In the order of their numbers.
        std::vector<handlers::DecisionRule> rules;
        /// Absolute paths of private keys in PEM; empty: no identity tokens.
        std::vector<std::string> tokenKeyFiles;
        std::string tokenIssuer;
        std::string tokenAudience;
        std::chrono::seconds tokenLifetime{0};
        /// Made from them.
        std::shared_ptr<const handlers::IdentityTokens> tokens;
    };

    /// Spans of requests, for a collector.
    struct Trace {
        /// Its URL; empty: there are no spans.
        std::string endpoint;
        bool allowHttp = false;
        /// After parsing, on exactly if there is an endpoint.
        TraceSampling sampling;
        /// Requests of that duration are exported in any case; 0: not for that.
        std::chrono::milliseconds slow{0};
        /// Whether refused requests are exported in any case.
        bool refusals = false;
        /// Whether spans have the caller's `sub`.
        bool subjects = false;
        /// In requests.
        std::size_t queue = 0;
        std::chrono::milliseconds timeout{0};
        std::string serviceName;
        /// Absolute paths; empty: the system's certificate authorities, no fields.
        std::string caFile;
        std::string headersFile;
        /// The names and values in that file. Secret.
        std::vector<std::pair<std::string, std::string>> headers;
    };

    struct Page {
        /// URLs in which `{page}` stands for the page's own URL; after parsing, empty only if neither set nor
        /// derivable from the issuer.
        std::string login;
        std::string logout;
        /// A URL in which `{kind}` stands for the fault of a token; empty: none.
        std::string brokenTokens;
        bool explain = true;
    };

    struct Roles {
        std::vector<std::string> makeChange;
        std::vector<std::string> panic;
        /// Zero: a sign-in of any age will do.
        std::chrono::seconds panicMaxAge{0};
    };

    Server server;
    Auth auth;
    Roles roles;
    /// After parsing, made from the roles where not set.
    handlers::ChangeBankAccess access;
    /// The identifiers are among the policy's audiences after parsing.
    security::ProtectedResources::Options resources;
    Page page;
    /// Each spelled as browsers spell an origin.
    std::vector<std::string> corsOrigins;
    Poco::Message::Priority logLevel = Poco::Message::PRIO_INFORMATION;
    LogTarget logTarget;
    /// One JSON object a line instead of text.
    bool logJson = false;
    bool logAccess = true;
    /// Whether the access log has probes that succeed as well.
    bool logProbes = false;
    /// In bytes.
    std::size_t logBuffer = 0;
    /// Absolute path; empty: the log.
    std::string auditFile;
    unsigned auditRefusalsPerMinute = 0;
    std::chrono::milliseconds auditTimeout{0};
    Admin admin;
    Metrics metrics;
    Revocation revocation;
    Decision decision;
    Trace trace;
    security::CallerLimits::Options limits;
};

inline std::string Settings::Issuer::key(const std::string& suffix) const {
    if (name != Issuer().name) return "auth.issuer." + name + "." + suffix;
    return suffix == "url" ? "auth.issuer" : "auth." + suffix;
}

inline std::string Settings::Issuer::urlOf(std::string_view path) const {
    const auto& url = policy.issuer;
    return url.substr(0, url.size() - (url.ends_with('/') ? 1 : 0)).append(path);
}

inline bool Settings::Auth::usesDpop() const noexcept {
    return std::any_of(issuers.begin(), issuers.end(),
                       [](const Issuer& issuer) { return issuer.policy.dpop != security::DpopUse::off; });
}

inline bool Settings::Auth::requiresDpop() const noexcept {
    return std::all_of(issuers.begin(), issuers.end(),
                       [](const Issuer& issuer) { return issuer.policy.dpop == security::DpopUse::require; });
}

inline security::JwksEndpoint Settings::Issuer::endpoint() const {
    return {.uri = jwks.uri,
            .issuer = discovery ? policy.issuer : std::string(),
            .allowHttp = jwks.allowHttp,
            .tokenFile = jwks.tokenFile,
            .client = {.caFile = jwks.caFile, .proxy = jwks.proxy}};
}

}  // namespace changebank::daemon
