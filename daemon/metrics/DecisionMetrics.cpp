#include "changebank/daemon/metrics/DecisionMetrics.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <string>

namespace changebank::daemon {

namespace {

constexpr int allowedStatus = 200;

/// The statuses of decisions; the last place is for all others.
constexpr std::array<int, 7> countedStatuses{allowedStatus, 400, 401, 403, 429, 500, 503};
constexpr std::array<std::string_view, countedStatuses.size() + 1> countedNames{"200", "400", "401", "403",
                                                                                "429", "500", "503", "other"};

constexpr std::size_t lineOfCache = 64;

}  // namespace

/// Threads that decide by different rules share no cache line.
struct alignas(lineOfCache) DecisionMetrics::Rule {
    std::array<std::atomic<std::uint64_t>, countedNames.size()> byStatus{};
};

DecisionMetrics::DecisionMetrics(unsigned maxRule) : _rules(std::size_t{maxRule} + 1) {}

DecisionMetrics::~DecisionMetrics() = default;

void DecisionMetrics::decided(unsigned rule, int status) noexcept {
    if (rule >= _rules.size()) return;
    const auto* const place = std::find(countedStatuses.begin(), countedStatuses.end(), status);
    auto& counter = _rules[rule].byStatus[static_cast<std::size_t>(place - countedStatuses.begin())];
    counter.fetch_add(1, std::memory_order_relaxed);
}

DecisionMetrics::Totals DecisionMetrics::totals() const {
    Totals totals;
    for (const auto& rule : _rules) {
        for (std::size_t i = 0; i < countedNames.size(); ++i) {
            const auto count = rule.byStatus[i].load(std::memory_order_relaxed);
            (i < countedStatuses.size() && countedStatuses[i] == allowedStatus ? totals.allowed
                                                                               : totals.refused) += count;
        }
    }
    return totals;
}

void DecisionMetrics::write(PrometheusText& text) const {
    text.family("changebank_decisions_total", PrometheusText::Type::counter,
                "Requests that proxies asked about, by the number of the rule, 0 for none, and status.");
    for (std::size_t rule = 0; rule < _rules.size(); ++rule) {
        for (std::size_t i = 0; i < countedNames.size(); ++i) {
            const auto count = _rules[rule].byStatus[i].load(std::memory_order_relaxed);
            if (count > 0) text.sample({{"rule", std::to_string(rule)}, {"status", countedNames[i]}}, count);
        }
    }
}

}  // namespace changebank::daemon
