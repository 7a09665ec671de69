#include "changebank/daemon/admin/MetricsReport.h"

#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "changebank/daemon/admin/AdminContext.h"
#include "changebank/daemon/admin/ConnectionStateNames.h"
#include "changebank/daemon/admin/ReportTimes.h"
#include "changebank/daemon/admin/RevocationMetrics.h"
#include "changebank/daemon/logging/Logging.h"
#include "changebank/daemon/metrics/ProcessStats.h"
#include "changebank/daemon/metrics/PrometheusText.h"
#include "changebank/daemon/process/Version.h"

namespace changebank::daemon {

namespace {

using Type = PrometheusText::Type;

void writeConnections(PrometheusText& text, const http::ServerCounters& counters) {
    text.family("changebank_http_connections", Type::gauge, "Open connections of the API, by what they do.");
    for (std::size_t i = 0; i < http::connectionStates; ++i)
        text.sample({{"state", connectionStateNames[i]}}, counters.connections[i]);
    text.single("changebank_http_connections_accepted_total", Type::counter,
                "Connections accepted, including rejected ones.", counters.accepted);
    text.single("changebank_http_connections_refused_total", Type::counter,
                "Connections beyond server.maxConnections or server.maxConnectionsPerClient.",
                counters.rejected);
    text.single(
        "changebank_http_connections_without_proxy_header_total", Type::counter,
        "Connections of trusted proxies closed for lack of the header that server.proxyProtocol expects.",
        counters.withoutProxyHeader);
    text.single("changebank_http_accept_failures_total", Type::counter,
                "Times that accepting was suspended for lack of file descriptors, memory or epoll watches.",
                counters.acceptFailures);
    text.single("changebank_http_connection_memory_bytes", Type::gauge,
                "Memory that connections hold, by estimate; server.maxConnectionMemory limits it.",
                counters.memory);
    text.single("changebank_http_connections_evicted_total", Type::counter,
                "Connections closed because of server.maxConnectionMemory.", counters.evicted);
    text.single("changebank_http_connections_failed_total", Type::counter,
                "Connections closed because of an internal error, such as a lack of memory.",
                counters.failed);
    text.single("changebank_http_received_bytes_total", Type::counter, "Bytes received, before TLS.",
                counters.bytesReceived);
    text.single("changebank_http_sent_bytes_total", Type::counter, "Bytes sent, before TLS.",
                counters.bytesSent);
}

/// Without samples unless there is TLS.
void writeCertificates(PrometheusText& text, const std::vector<Listeners::Status>& listeners) {
    text.family("changebank_tls_certificate_expiry_timestamp_seconds", Type::gauge,
                "When the certificate for new connections expires, in seconds since 1970.");
    for (const auto& listener : listeners) {
        if (!listener.certificateExpiry) continue;
        const auto time = listener.certificateExpiry->time_since_epoch().count();
        text.sample({{"listener", nameOf(listener.purpose)}}, static_cast<double>(time));
    }
}

/// Sums causes that share a code; causes without a code are counted under their name.
void writeDenials(PrometheusText& text, const security::RefusalCounters& refusals) {
    std::map<std::string_view, std::uint64_t> byCode;
    for (const auto& traits : security::allCauses())
        byCode[traits.code.empty() ? traits.name : traits.code] += refusals.of(traits.cause);
    text.family("changebank_token_denials_total", Type::counter,
                "Requests denied, by the error code of the response.");
    for (const auto& [code, count] : byCode)
        text.sample({{"code", code}}, count);
}

void writeCache(PrometheusText& text, const AdminContext& context) {
    const auto counters = context.service.cache().value_or(security::VerifiedTokenCache::Counters{});
    text.single("changebank_token_cache_hits_total", Type::counter,
                "Tokens found in the cache, without verifying their signature.", counters.hits);
    text.single("changebank_token_cache_misses_total", Type::counter, "Tokens not found in the cache.",
                counters.misses);
    text.single("changebank_token_cache_entries", Type::gauge, "Tokens in the cache.",
                std::uint64_t{counters.entries});
}

/// Without samples for limits that are off.
void writeLimits(PrometheusText& text, const std::vector<security::CallerLimits::Status>& limits) {
    const auto write = [&](std::string_view name, Type type, std::string_view help, auto value) {
        text.family(name, type, help);
        for (const auto& limit : limits)
            text.sample({{"limit", limit.name}}, std::uint64_t{value(limit)});
    };
    write("changebank_limit_entries", Type::gauge,
          "Client networks (client, refused) or subjects that have used up some of their limit.",
          [](const auto& limit) { return limit.used; });
    write("changebank_limit_entries_max", Type::gauge, "The most that a limit tells apart.",
          [](const auto& limit) { return limit.capacity; });
    write("changebank_limit_crowded_total", Type::counter,
          "Requests of callers that shared a bucket, since limit.entries has no room for them.",
          [](const auto& limit) { return limit.crowded; });
}

void writeProofs(PrometheusText& text, const AdminContext& context) {
    const auto counters = context.service.replays();
    text.single("changebank_dpop_proofs", Type::gauge,
                "Uses of DPoP proofs that are remembered, so that none is used twice.",
                std::uint64_t{counters.entries});
    text.single("changebank_dpop_proofs_max", Type::gauge, "The most that are remembered.",
                std::uint64_t{counters.capacity});
}

/// Without samples unless they are shared.
void writeSharedProofs(PrometheusText& text, const std::optional<RedisReplays::Status>& status) {
    text.family("changebank_dpop_shared_up", Type::gauge,
                "1 if Redis, by which replicas share the uses of DPoP proofs, answers.");
    if (status) text.sample({}, std::uint64_t{status->isUp ? 1U : 0U});
    text.family("changebank_dpop_shared_total", Type::counter,
                "DPoP proofs looked up in Redis, by outcome: inserted, replayed or unavailable.");
    if (!status) return;
    text.sample({{"outcome", "inserted"}}, status->inserted);
    text.sample({{"outcome", "replayed"}}, status->replayed);
    text.sample({{"outcome", "unavailable"}}, status->unavailable);
}

/// One sample for each issuer; `value` returns std::nullopt for none.
template <typename Value>
void writeKeysFamily(PrometheusText& text, const std::vector<ChangeBankService::KeysStatus>& issuers,
                     std::string_view name, std::string_view help, Value value) {
    text.family(name, Type::gauge, help);
    for (const auto& issuer : issuers) {
        if (const auto number = value(issuer.keys)) text.sample({{"issuer", issuer.name}}, *number);
    }
}

void writeKeys(PrometheusText& text, const std::vector<ChangeBankService::KeysStatus>& issuers) {
    using Status = security::RemoteJwkSetStatus;
    using Count = std::optional<std::uint64_t>;
    using Seconds = std::optional<double>;
    writeKeysFamily(text, issuers, "changebank_jwks_usable",
                    "1 if there are keys to verify the issuer's tokens, 0 if each of them gets a 503.",
                    [](const Status& keys) { return Count(keys.keys ? 1U : 0U); });
    writeKeysFamily(text, issuers, "changebank_jwks_keys", "Usable keys of the key set.",
                    [](const Status& keys) { return Count(keys.keys ? keys.keys->keys().size() : 0); });
    writeKeysFamily(
        text, issuers, "changebank_jwks_age_seconds",
        "Seconds since the key server last confirmed the keys; absent if there are none.",
        [](const Status& keys) { return keys.age ? Seconds(secondsOf(*keys.age)) : std::nullopt; });
    writeKeysFamily(text, issuers, "changebank_jwks_next_refresh_seconds",
                    "Seconds until the next fetch of the keys; 0 while one is due or in progress.",
                    [](const Status& keys) { return Seconds(secondsOf(keys.nextRefresh)); });
    writeKeysFamily(text, issuers, "changebank_jwks_waiting_requests",
                    "Requests that wait for a fetch of the keys, at most auth.jwks.maxWaiting.",
                    [](const Status& keys) { return Count(keys.waiters); });
    text.family("changebank_jwks_fetches_total", Type::counter, "Fetches of the key set, by outcome.");
    for (const auto& [name, issuer, uri, keys] : issuers) {
        text.sample({{"issuer", name}, {"outcome", "replaced"}}, keys.replaced);
        text.sample({{"issuer", name}, {"outcome", "confirmed"}}, keys.confirmed);
        text.sample({{"issuer", name}, {"outcome", "failed"}}, keys.failed);
    }
}

void writeReloads(PrometheusText& text, const Reload::Status& status) {
    text.family("changebank_config_reloads_total", Type::counter, "Reloads of the settings, by outcome.");
    text.sample({{"outcome", "succeeded"}}, status.succeeded);
    text.sample({{"outcome", "failed"}}, status.failed);
    text.single("changebank_config_last_reload_successful", Type::gauge,
                "1 if the last reload succeeded or there was none, otherwise 0.",
                std::uint64_t{!status.last || status.last->ok() ? 1U : 0U});
    text.single(
        "changebank_config_generation", Type::gauge,
        "Generation of the settings in effect; 1 at the start, incremented by every successful reload.",
        status.generation);
}

void writeAudit(PrometheusText& text, const AuditLog& audit) {
    using Event = security::AuditTrail::Event;
    text.family("changebank_audit_events_total", Type::counter,
                "Audit events, by outcome: recorded or failed.");
    const auto write = [&text](const char* event, std::uint64_t recorded, std::uint64_t failed) {
        text.sample({{"event", event}, {"outcome", "recorded"}}, recorded);
        text.sample({{"event", event}, {"outcome", "failed"}}, failed);
    };
    for (const auto event : {Event::panic, Event::roleRefused, Event::refusalsLimited})
        write(nameOf(event), audit.recorded(event), audit.failed(event));
    write(revokedEvent, audit.recordedRevocations(), audit.failedRevocations());
    text.single("changebank_audit_refusals_skipped_total", Type::counter,
                "Denied roles beyond audit.refusalsPerMinute of one caller, which were only counted.",
                audit.skipped());
}

void writeTraces(PrometheusText& text, const TraceCounters& traces) {
    const auto write = [&text](const char* outcome, const std::atomic<std::uint64_t>& count) {
        text.sample({{"outcome", outcome}}, count.load(std::memory_order_relaxed));
    };
    text.family("changebank_trace_spans_total", Type::counter,
                "Spans for trace.endpoint, by outcome: exported, rejected, failed or dropped.");
    write("exported", traces.exported);
    write("rejected", traces.rejected);
    write("failed", traces.failed);
    write("dropped", traces.dropped);
}

void writeLog(PrometheusText& text, const LogOutput& log) {
    text.single("changebank_log_lines_lost_total", Type::counter,
                "Log lines lost because they could not be written, or not in time (log.buffer).", log.lost());
}

void writeProcess(PrometheusText& text, const ProcessStats& process) {
    text.single("process_cpu_seconds_total", Type::counter, "Processor time in seconds, user and system.",
                process.cpuSeconds);
    text.single("process_start_time_seconds", Type::gauge, "Start of the process, in seconds since 1970.",
                process.startTimeSeconds);
    text.single("process_resident_memory_bytes", Type::gauge, "Memory in use, in bytes.",
                process.residentBytes);
    text.single("process_virtual_memory_bytes", Type::gauge, "Address space in use, in bytes.",
                process.virtualBytes);
    text.single("process_open_fds", Type::gauge, "Open file descriptors.", process.openDescriptors);
    text.single("process_max_fds", Type::gauge, "Maximum number of open file descriptors.",
                process.maxDescriptors);
    text.single("process_threads", Type::gauge, "Threads of the process.", process.threads);
}

}  // namespace

std::string metricsReport(const AdminContext& context, PrometheusText::Format format) {
    PrometheusText text(format);
    text.family("changebank_build_info", Type::gauge, "Always 1; the version of the program.");
    text.sample({{"version", version}}, std::uint64_t{1});
    context.requests.write(text);
    context.decisions.write(text);
    writeConnections(text, context.listeners.counters());
    writeCertificates(text, context.listeners.status());
    writeDenials(text, context.service.refusals());
    writeCache(text, context);
    writeLimits(text, context.service.limits());
    writeProofs(text, context);
    writeSharedProofs(text, context.service.sharedReplays());
    writeRevocations(text, context.revocations.status(), context.events);
    writeKeys(text, context.service.keys());
    writeReloads(text, context.reload.status());
    writeAudit(text, context.audit);
    writeTraces(text, context.traces);
    writeLog(text, *logOutput());
    writeProcess(text, ProcessStats::now());
    text.end();
    return text.text();
}

}  // namespace changebank::daemon
