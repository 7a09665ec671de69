#include "changebank/daemon/control/live/TopView.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <utility>
#include <vector>

#include "changebank/daemon/control/client/ResponseMembers.h"
#include "changebank/daemon/control/client/StatusFormatter.h"
#include "changebank/daemon/control/client/TimeSpan.h"

namespace changebank::daemon {

namespace {

using Values = std::map<std::string, double>;

constexpr std::size_t labelWidth = 14;
constexpr std::size_t causeWidth = 36;
constexpr std::size_t usualRows = 24;
constexpr std::size_t usualCauses = 6;
constexpr std::size_t usualRules = 4;
constexpr double percent = 100;

std::string fixed(double number, int digits) {
    std::array<char, 400> text{};
    const int size = std::snprintf(text.data(), text.size(), "%.*f", digits, number);
    return {text.data(), static_cast<std::size_t>(std::max(size, 0))};
}

std::string padded(std::string text, std::size_t width) {
    text.resize(std::max(text.size() + 1, width), ' ');
    return text;
}

std::string aligned(const std::string& text, std::size_t width) {
    return std::string(width - std::min(width, text.size()), ' ') + text;
}

std::string durationText(double seconds) {
    constexpr double milli = 1'000;
    if (std::isnan(seconds)) return "-";
    if (std::isinf(seconds)) return "longer";
    if (seconds >= 1) return fixed(seconds, 1) + " s";
    const double rest = seconds * milli;
    return fixed(rest, rest < 1 ? 2 : rest < 10 ? 1 : 0) + " ms";
}

/// Writes the table of two snapshots.
class View {
public:
    View(const TopSnapshot* before, const TopSnapshot& now, ScreenSize size, bool hasColours)
        : _before(before != nullptr && isSameProcess(*before, now) ? before : nullptr),
          _now(now),
          _extraRows(std::max(size.rows, usualRows) - usualRows),
          _hasColours(hasColours),
          _seconds(std::max(0.001, _before != nullptr ? now.seconds - _before->seconds
                                                      : number(now.status, "uptimeSeconds"))) {}

    std::string text() const {
        return title() + "\n" + requests() + latency() + connections() + cache() + keys() + decisions() +
               "\n" + denials() + rules();
    }

private:
    static bool isSameProcess(const TopSnapshot& one, const TopSnapshot& other) {
        for (const char* name : {"pid", "startedAt"}) {
            if (daemon::text(one.status, name) != daemon::text(other.status, name)) return false;
        }
        return true;
    }

    std::string painted(const char* colour, const std::string& text) const {
        return _hasColours ? "\x1b[" + std::string(colour) + "m" + text + "\x1b[0m" : text;
    }
    std::string bold(const std::string& text) const { return painted("1", text); }
    /// Of what somebody should look at.
    std::string red(const std::string& text) const { return painted("31", text); }

    std::string row(const std::string& label, const std::string& value) const {
        return bold(padded(label, labelWidth)) + value + "\n";
    }

    Values grown(std::string_view name, const std::string& label,
                 const std::pair<std::string, std::string>& only = {}) const {
        return growth(_before != nullptr ? _before->metrics.by(name, label, only) : Values(),
                      _now.metrics.by(name, label, only));
    }
    double grown(std::string_view name) const {
        return std::max(0.0, _now.metrics.sum(name) - (_before != nullptr ? _before->metrics.sum(name) : 0));
    }
    std::string rate(double count) const { return fixed(count / _seconds, 1) + "/s"; }

    /// The rates by status, those of our own faults in red.
    std::string statusRates(const Values& counts) const {
        std::string line;
        for (const auto& [status, count] : counts) {
            if (count <= 0) continue;
            const auto item = status + " " + rate(count);
            line += "  " + (status.starts_with('5') ? red(item) : item);
        }
        return line;
    }

    std::string title() const {
        const auto state = daemon::text(_now.status, "state");
        return bold("changebankd") + "   " + daemon::text(_now.status, "version") + ", process " +
               daemon::text(_now.status, "pid") + ", " + (state == "serving" ? state : red(state)) + " for " +
               spanOf(number(_now.status, "uptimeSeconds")) + "; rates " +
               (_before != nullptr ? "of the last " + fixed(_seconds, 1) + " s" : "since the start") + "\n";
    }

    std::string requests() const {
        const auto counts = grown("changebank_http_requests_total", "status");
        double total = 0;
        for (const auto& [status, count] : counts)
            total += count;
        return row("requests", rate(total) + statusRates(counts));
    }

    std::string latency() const {
        const auto buckets = grown("changebank_http_request_duration_seconds_bucket", "le");
        std::string line;
        for (const auto& [name, q] : {std::pair("p50", 0.5), {"p90", 0.9}, {"p99", 0.99}, {"p99.9", 0.999}})
            line += (line.empty() ? "" : "  ") + std::string(name) + " " + durationText(quantile(q, buckets));
        return row("latency", line);
    }

    std::string connections() const {
        const auto& connections = member(_now.status, "connections");
        const auto refused = grown("changebank_http_connections_refused_total");
        const auto refusals = rate(refused) + " refused";
        return row("connections", daemon::text(connections, "open") + " open (" +
                                      formatCounts(object(connections, "byState")) + ")  " +
                                      rate(grown("changebank_http_connections_accepted_total")) +
                                      " accepted  " + (refused > 0 ? red(refusals) : refusals));
    }

    std::string cache() const {
        const auto hits = grown("changebank_token_cache_hits_total");
        const auto lookups = hits + grown("changebank_token_cache_misses_total");
        const auto& cache = member(_now.status, "tokenCache");
        return row("token cache", (lookups > 0 ? fixed(percent * hits / lookups, 1) + " %" : "-") +
                                      " hits of " + rate(lookups) + "  " + daemon::text(cache, "entries") +
                                      " of " + daemon::text(cache, "capacity") + " entries");
    }

    std::string keysOf(const Json& keys, const std::string& label) const {
        const auto failed = _now.metrics.by("changebank_jwks_fetches_total", "issuer", {"outcome", "failed"});
        const auto found = failed.find(daemon::text(keys, "name"));
        const auto failures = found == failed.end() ? 0 : found->second;
        auto value = formatKeySummary(keys);
        if (!isTrue(keys, "usable")) value = red(value);
        const auto fetches = fixed(failures, 0) + " fetches failed";
        auto lines =
            row(label, value + "  next in " + spanOf(number(keys, "nextRefreshSeconds")) + "  " + fetches);
        if (const auto error = daemon::text(keys, "lastError"); !error.empty())
            lines += row("", red("last error: " + error));
        return lines;
    }

    std::string keys() const {
        const auto& first = member(_now.status, "keys");
        auto lines = keysOf(first, "keys");
        for (const auto& other : array(first, "others"))
            lines += keysOf(other, "keys: " + daemon::text(other, "name"));
        return lines;
    }

    /// Nothing without rules.
    std::string decisions() const {
        if (member(_now.status, "decisions").isNull()) return {};
        const auto counts = grown("changebank_decisions_total", "status");
        double total = 0;
        for (const auto& [status, count] : counts)
            total += count;
        return row("decisions", rate(total) + statusRates(counts));
    }

    static double countOf(const Json::Object& counts, const std::string& name) {
        for (const auto& [each, value] : counts) {
            if (each == name && value.number() != nullptr) return value.number()->value();
        }
        return 0;
    }

    /// The most frequent first.
    std::string denials() const {
        struct Cause {
            std::string name;
            double recent;
            double total;
        };
        std::vector<Cause> causes;
        for (const auto& [name, value] : object(_now.status, "denials")) {
            const double total = value.number() != nullptr ? value.number()->value() : 0;
            const double before = _before != nullptr ? countOf(object(_before->status, "denials"), name) : 0;
            causes.push_back({daemon::text(Json(name)), std::max(0.0, total - before), total});
        }
        std::stable_sort(causes.begin(), causes.end(), [](const Cause& left, const Cause& right) {
            return std::pair(left.recent, left.total) > std::pair(right.recent, right.total);
        });
        std::string lines =
            bold(padded("DENIALS", causeWidth) + aligned("RATE", 12) + aligned("TOTAL", 14)) + "\n";
        if (causes.empty()) lines += "none\n";
        causes.resize(std::min(causes.size(), usualCauses + _extraRows / 2));
        for (const auto& cause : causes)
            lines += padded(cause.name, causeWidth) + aligned(rate(cause.recent), 12) +
                     aligned(fixed(cause.total, 0), 14) + "\n";
        return lines;
    }

    /// Those by which something was decided, the most frequent first; nothing without rules.
    std::string rules() const {
        if (member(_now.status, "decisions").isNull()) return {};
        auto byRule = grown("changebank_decisions_total", "rule");
        std::vector<std::pair<std::string, double>> rules(byRule.begin(), byRule.end());
        std::erase_if(rules, [](const auto& rule) { return rule.second <= 0; });
        std::stable_sort(rules.begin(), rules.end(),
                         [](const auto& left, const auto& right) { return left.second > right.second; });
        rules.resize(std::min(rules.size(), usualRules + (_extraRows - _extraRows / 2)));
        std::string lines = "\n" + bold("DECISIONS") + "\n";
        for (const auto& [rule, count] : rules)
            lines += padded(rule == "0" ? "no rule" : "rule " + rule, labelWidth) + rate(count) +
                     statusRates(grown("changebank_decisions_total", "status", {"rule", rule})) + "\n";
        return lines;
    }

    const TopSnapshot* _before;
    const TopSnapshot& _now;
    std::size_t _extraRows;
    bool _hasColours;
    double _seconds;
};

}  // namespace

std::string topView(const TopSnapshot* before, const TopSnapshot& now, ScreenSize size, bool hasColours) {
    return View(before, now, size, hasColours).text();
}

}  // namespace changebank::daemon
