#pragma once

#include <Poco/Message.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "changebank/daemon/http/loop/ServerLimits.h"
#include "changebank/daemon/http/socket/ServerTlsContext.h"
#include "changebank/daemon/settings/LogTarget.h"
#include "changebank/handlers/bank/ChangeBank.h"
#include "changebank/security/guard/ProtectedResources.h"
#include "changebank/security/guard/RefusalReporter.h"
#include "changebank/security/token/TokenPolicy.h"

namespace changebank::daemon {

/// All settings, parsed and checked. A plain value; immutable while in use. Defaults, ranges and meanings are
/// defined by the table in SettingDefinition.cpp.
struct Settings {
    struct Server {
        std::string host;
        std::uint16_t port = 0;
        http::ServerLimits limits;
        /// Absolute paths; certificate and key are both set for HTTPS, or both empty for plain HTTP.
        http::TlsFiles tls;

        bool isSecure() const noexcept { return !tls.certificate.empty(); }

        friend bool operator==(const Server&, const Server&) = default;
    };

    struct Jwks {
        /// Never empty after parsing: derived from the issuer if not set.
        std::string uri;
        bool allowHttp = false;
        /// Absolute path of a PEM file; empty: the system's certificate authorities.
        std::string caFile;
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

    struct Auth {
        security::TokenPolicy policy;
        std::string cookie;
        security::ErrorDetail errors = security::ErrorDetail::detailed;
        Jwks jwks;
        /// 0: no cache.
        std::size_t cacheEntries = 0;
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

    struct Page {
        /// URLs in which `{page}` stands for the page's own URL; after parsing, empty only if neither set nor
        /// derivable from the issuer.
        std::string login;
        std::string logout;
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
    /// In bytes.
    std::size_t logBuffer = 0;
    /// Absolute path; empty: the log.
    std::string auditFile;
    unsigned auditRefusalsPerMinute = 0;
    std::chrono::milliseconds auditTimeout{0};
    Admin admin;
    Metrics metrics;
};

}  // namespace changebank::daemon
