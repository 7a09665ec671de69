#include "changebank/daemon/control/client/StatusFormatter.h"

#include <algorithm>
#include <string_view>

#include "changebank/base/text/ForeignText.h"
#include "changebank/daemon/control/client/ResponseMembers.h"
#include "changebank/daemon/control/client/TimeSpan.h"
#include "changebank/daemon/settings/sources/Properties.h"

namespace changebank::daemon {

namespace {

constexpr std::size_t labelWidth = 14;

/// One line of a table; the label is empty on continuation lines.
std::string row(std::string label, const std::string& value) {
    label.resize(std::max(label.size() + 1, labelWidth), ' ');
    return label + value + "\n";
}

std::string listenerRows(const Json& status) {
    std::string rows;
    for (const auto& listener : array(status, "listeners")) {
        auto value = text(listener, "purpose") + " on " + text(listener, "address");
        if (isTrue(listener, "tls"))
            value += " (TLS, certificate until " + text(listener, "certificateExpiry") + ")";
        rows += row(rows.empty() ? "listeners" : "", value);
    }
    return rows;
}

std::string connectionRow(const std::string& name, const Json& connections) {
    auto value = text(connections, "open") + " open";
    if (number(connections, "open") > 0) value += " (" + formatCounts(object(connections, "byState")) + ")";
    value += ", " + text(connections, "accepted") + " accepted, " + text(connections, "refused") + " refused";
    if (number(connections, "withoutProxyHeader") > 0)
        value += ", " + text(connections, "withoutProxyHeader") + " closed for lack of a PROXY header";
    return row(name, value);
}

std::string requestRow(const Json& status) {
    const auto& requests = member(status, "requests");
    auto value = text(requests, "total") + " total";
    if (number(requests, "total") > 0) value += "; by status: " + formatCounts(object(requests, "byStatus"));
    return row("requests", value);
}

/// Nothing without rules.
std::string decisionRow(const Json& status) {
    const auto& decisions = member(status, "decisions");
    if (decisions.isNull()) return {};
    return row("decisions", text(decisions, "allowed") + " allowed, " + text(decisions, "refused") +
                                " refused; by rules: " + text(decisions, "rules") + ", convention " +
                                text(decisions, "convention") +
                                (isTrue(decisions, "identityTokens") ? ", with identity tokens" : "")) +
           connectionRow("proxies", member(decisions, "connections"));
}

std::string keyRows(const Json& keys, const std::string& title) {
    auto rows = row(title, formatKeySummary(keys)) + row("", "from " + text(keys, "uri"));
    rows +=
        row("", isTrue(keys, "fetching") ? "being fetched now"
                                         : "next refresh in " + spanOf(number(keys, "nextRefreshSeconds")));
    if (const auto error = text(keys, "lastError"); !error.empty()) rows += row("", "last error: " + error);
    if (const auto error = text(keys, "snapshotError"); !error.empty())
        rows += row("", "snapshot file: " + error);
    return rows;
}

/// `rowsOf` the keys of each issuer, which are named if there are several.
template <typename RowsOf>
std::string rowsOfIssuers(const Json& first, RowsOf rowsOf) {
    const auto& others = array(first, "others");
    auto rows = rowsOf(first, "keys");
    for (const auto& other : others)
        rows += rowsOf(other, "keys: " + text(other, "name"));
    return rows;
}

std::string keySetRows(const Json& keys, const std::string& title) {
    auto rows = keyRows(keys, title);
    for (const auto& key : array(keys, "keys")) {
        auto value = "kid " + member(key, "kid").toText() + ", " + text(key, "type");
        if (text(key, "type") == "RSA") value += " " + text(key, "bits") + " bits";
        if (const auto algorithm = text(key, "alg"); !algorithm.empty()) value += ", " + algorithm + " only";
        rows += row("key", value);
    }
    for (const auto& skipped : array(keys, "skipped")) {
        rows += row("unusable", "number " + text(skipped, "index") + ", kid " +
                                    member(skipped, "kid").toText() + ": " + text(skipped, "reason"));
    }
    return rows;
}

std::string settingsRows(const Json& status) {
    const auto& settings = member(status, "settings");
    auto rows = row("settings", "generation " + text(settings, "generation") +
                                    "; reloads: " + text(settings, "reloadsSucceeded") + " succeeded, " +
                                    text(settings, "reloadsFailed") + " failed");
    if (const auto warning = text(settings, "warning"); !warning.empty())
        rows += row("", "warning: " + warning);
    const auto& last = member(settings, "lastReload");
    if (last.isNull()) return rows;
    rows +=
        row("", "last reload " + text(last, "at") + (isTrue(last, "reloaded") ? " succeeded" : " failed:"));
    for (const auto& fault : array(last, "faults"))
        rows += row("", text(fault, "place") + ": " + text(fault, "key") + ": " + text(fault, "why"));
    return rows;
}

std::string auditRow(const Json& status) {
    const auto& audit = member(status, "audit");
    const auto file = text(audit, "file");
    return row("audit", (file.empty() ? "to the log" : "to " + file) + ": " + text(audit, "recorded") +
                            " recorded, " + text(audit, "failed") + " failed");
}

/// Nothing as long as no proof was used.
std::string proofsRow(const Json& status) {
    const auto& proofs = member(status, "dpopProofs");
    if (number(proofs, "entries") == 0) return {};
    return row("DPoP proofs", text(proofs, "entries") + " of " + text(proofs, "capacity") + " remembered, " +
                                  text(proofs, "bytes") + " bytes");
}

/// Nothing if none is on.
std::string limitsRow(const Json& status) {
    const auto& limits = member(status, "limits");
    if (limits.isNull()) return {};
    std::string value;
    for (const auto& [name, limit] : object(status, "limits")) {
        value += (value.empty() ? "" : ", ") + oneLine(name) + " " + text(limit, "rate") + "/s, " +
                 text(limit, "burst") + " at once (" + text(limit, "entries") + " of " +
                 text(limit, "capacity") + " entries)";
    }
    return row("limits", value);
}

std::string readingState(const Json& redis) {
    if (isTrue(redis, "upToDate")) return "up to date";
    const auto since = text(redis, "lastUpToDate");
    auto state = since.empty() ? "not up to date since the start" : "not up to date since " + since;
    if (const auto failure = text(redis, "failure"); !failure.empty()) state += ": " + failure;
    return state;
}

std::string redisState(const Json& redis) {
    auto state = readingState(redis);
    if (number(redis, "unpublished") > 0) state += "; " + text(redis, "unpublished") + " not published";
    if (const auto failure = text(redis, "publishFailure"); !failure.empty())
        state += "; cannot publish: " + failure;
    return state;
}

/// Nothing if revocation is off.
std::string revocationRow(const Json& status) {
    const auto& revocation = member(status, "revocation");
    if (revocation.isNull()) return {};
    auto value = text(revocation, "entries") + " of " + text(revocation, "capacity") + " in effect";
    if (const auto file = text(revocation, "file"); !file.empty()) value += ", file " + file;
    if (const auto failure = text(revocation, "fileFailure"); !failure.empty())
        value += " cannot be written: " + failure;
    if (const auto& redis = member(revocation, "redis"); !redis.isNull())
        value += ", redis " + text(redis, "address") + " " + redisState(redis);
    if (!isTrue(revocation, "available")) value += "; refusing all tokens";
    return row("revocation", value);
}

std::string logRow(const Json& status) {
    const auto lost = text(status, "logLinesLost");
    return row("log level", text(status, "logLevel") +
                                (number(status, "logLinesLost") > 0 ? "; " + lost + " lines lost" : ""));
}

}  // namespace

std::string formatCounts(const Json::Object& members) {
    std::string line;
    for (const auto& [name, value] : members) {
        if (value.number() == nullptr || value.number()->value() == 0) continue;
        line += (line.empty() ? "" : ", ") + oneLine(name) + " " + text(value);
    }
    return line.empty() ? "none" : line;
}

std::string formatKeySummary(const Json& keys) {
    if (!isTrue(keys, "usable")) return "none: every token is answered with 503";
    auto value = std::to_string(array(keys, "keys").size()) + " usable";
    if (!array(keys, "skipped").empty())
        value += ", " + std::to_string(array(keys, "skipped").size()) + " not";
    value += ", " + spanOf(number(keys, "ageSeconds")) + " old";
    return isTrue(keys, "fromSnapshotFile") ? value + ", from the snapshot file" : value;
}

std::string formatStatus(const Json& status) {
    const auto& cache = member(status, "tokenCache");
    return row("changebankd", text(status, "version") + ", process " + text(status, "pid") + ", " +
                                  text(status, "state") + " for " + spanOf(number(status, "uptimeSeconds")) +
                                  " (since " + text(status, "startedAt") + ")") +
           listenerRows(status) + connectionRow("connections", member(status, "connections")) +
           requestRow(status) + decisionRow(status) +
           row("denials", formatCounts(object(status, "denials"))) +
           rowsOfIssuers(member(status, "keys"), keyRows) +
           row("token cache", text(cache, "hits") + " hits, " + text(cache, "misses") + " misses, " +
                                  text(cache, "entries") + " of " + text(cache, "capacity") + " entries") +
           limitsRow(status) + proofsRow(status) + revocationRow(status) + auditRow(status) +
           settingsRows(status) + logRow(status);
}

std::string formatReload(const Json& outcome) {
    std::string lines = "reloaded: settings of generation " + text(outcome, "generation") + " serve\n";
    for (const auto& note : array(outcome, "notes"))
        lines += "note: " + text(note) + "\n";
    return lines;
}

std::string formatFaults(const Json& outcome) {
    std::string lines;
    for (const auto& fault : array(outcome, "faults")) {
        const auto key = text(fault, "key");
        lines += text(fault, "place") + ": " + (key.empty() ? "" : key + ": ") + text(fault, "why") + "\n";
    }
    return lines;
}

std::string formatKeys(const Json& keys) {
    return rowsOfIssuers(keys, keySetRows);
}

std::string formatConfig(const Json& config) {
    std::string lines;
    for (const auto& setting : array(config, "settings")) {
        const auto* value = member(setting, "value").string();
        lines += "# from " + text(setting, "from") + "\n" +
                 propertyLine(text(setting, "key"), value == nullptr ? "" : *value) + "\n";
    }
    return lines;
}

std::string formatLogLevel(const Json& answer) {
    return "log level " + text(answer, "level") + " until the next reload\n";
}

}  // namespace changebank::daemon
