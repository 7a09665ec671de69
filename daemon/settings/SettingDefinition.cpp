#include "changebank/daemon/settings/SettingDefinition.h"

#include <algorithm>
#include <numeric>

#include "changebank/base/text/Ascii.h"
#include "changebank/base/text/ForeignText.h"
#include "changebank/daemon/settings/AccessSettings.h"
#include "changebank/daemon/settings/DecisionSettings.h"
#include "changebank/daemon/settings/DecisionTokenSettings.h"
#include "changebank/daemon/settings/DpopSettings.h"
#include "changebank/daemon/settings/IssuerSettings.h"
#include "changebank/daemon/settings/LimitSettings.h"
#include "changebank/daemon/settings/PageSettings.h"
#include "changebank/daemon/settings/ProxySettings.h"
#include "changebank/daemon/settings/RevocationSettings.h"
#include "changebank/daemon/settings/SettingStore.h"
#include "changebank/daemon/settings/TlsSettings.h"
#include "changebank/daemon/settings/TraceSettings.h"
#include "changebank/daemon/settings/values/LogLevel.h"
#include "changebank/daemon/settings/values/SettingType.h"
#include "changebank/security/guard/AllowedOrigins.h"

namespace changebank::daemon {

using namespace std::chrono_literals;

namespace {

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
    addTlsSettings(table);
    addResourceSettings(table);
    addIssuerSettings(table);
    addDpopSettings(table);
    addIssuerKeySettings(table, issuers);
    addAccessSettings(table);
    addPageSettings(table);
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
