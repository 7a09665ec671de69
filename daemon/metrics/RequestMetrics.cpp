#include "changebank/daemon/metrics/RequestMetrics.h"

#include <algorithm>
#include <atomic>
#include <limits>

namespace changebank::daemon {

namespace {

constexpr std::size_t shardCount = 16;
constexpr std::size_t cacheLine = 64;

/// Every status that the daemon answers with; the last place is for all others.
constexpr std::array<int, 25> statuses{200, 204, 304, 400, 401, 403, 404, 405, 408, 409, 411, 413, 414,
                                       415, 417, 421, 422, 426, 429, 431, 500, 501, 502, 503, 505};
constexpr std::size_t statusCount = statuses.size() + 1;

std::size_t statusIndex(int status) noexcept {
    return static_cast<std::size_t>(std::find(statuses.begin(), statuses.end(), status) - statuses.begin());
}

constexpr std::array<std::string_view, statusCount> statusNames{
    "200", "204", "304", "400", "401", "403", "404", "405", "408", "409", "411", "413", "414",
    "415", "417", "421", "422", "426", "429", "431", "500", "501", "502", "503", "505", "other"};

constexpr std::size_t bucketCount = RequestMetrics::bounds.size() + 1;

std::size_t bucketIndex(std::chrono::microseconds duration) noexcept {
    const auto& bounds = RequestMetrics::bounds;
    return static_cast<std::size_t>(std::lower_bound(bounds.begin(), bounds.end(), duration) -
                                    bounds.begin());
}

double secondsOf(std::chrono::microseconds duration) {
    return std::chrono::duration<double>(duration).count();
}

using Counter = std::atomic<std::uint64_t>;

void add(Counter& counter, std::uint64_t amount) noexcept {
    counter.fetch_add(amount, std::memory_order_relaxed);
}

/// Threads are few and long-lived, so each keeps one shard, assigned round-robin; two share one only if there
/// are more threads than shards.
std::size_t shardOfThisThread() noexcept {
    static std::atomic<std::size_t> threads{0};
    thread_local const auto shard = threads.fetch_add(1, std::memory_order_relaxed) % shardCount;
    return shard;
}

}  // namespace

template <typename Number>
struct RequestMetrics::RouteNumbers {
    std::array<Number, statusCount> byStatus{};
    std::array<Number, bucketCount> byBucket{};
    Number microseconds{};
    Number holds{};
};

struct alignas(cacheLine) RequestMetrics::Shard {
    explicit Shard(std::size_t routes) : numbers(routes) {}
    std::vector<RouteNumbers<Counter>> numbers;
};

struct RequestMetrics::Totals {
    explicit Totals(std::size_t routes) : numbers(routes) {}
    std::vector<RouteNumbers<std::uint64_t>> numbers;
};

RequestMetrics::RequestMetrics(std::vector<std::string> routes) : _routes(std::move(routes)) {
    _routes.emplace_back("other");
    for (std::size_t i = 0; i < shardCount; ++i)
        _shards.push_back(std::make_unique<Shard>(_routes.size()));
    _exemplars = decltype(_exemplars)(_routes.size());
}

RequestMetrics::~RequestMetrics() = default;

std::size_t RequestMetrics::routeIndex(std::string_view route) const noexcept {
    const auto last = _routes.end() - 1;
    return static_cast<std::size_t>(std::find(_routes.begin(), last, route) - _routes.begin());
}

void RequestMetrics::answered(const AccessRecord& record) noexcept {
    auto& numbers = _shards[shardOfThisThread()]->numbers[routeIndex(record.route)];
    add(numbers.byStatus[statusIndex(record.status)], 1);
    add(numbers.byBucket[bucketIndex(record.duration)], 1);
    add(numbers.microseconds, static_cast<std::uint64_t>(std::max<std::int64_t>(0, record.duration.count())));
}

void RequestMetrics::keepExemplar(const AccessRecord& record,
                                  std::chrono::sys_time<std::chrono::milliseconds> now) noexcept {
    _exemplars[routeIndex(record.route)][bucketIndex(record.duration)].store(record.traceId, record.spanId,
                                                                             record.duration, now);
}

void RequestMetrics::heldLoop(std::string_view route, std::chrono::milliseconds) noexcept {
    add(_shards[shardOfThisThread()]->numbers[routeIndex(route)].holds, 1);
}

RequestMetrics::Totals RequestMetrics::totals() const {
    Totals sum(_routes.size());
    for (const auto& shard : _shards) {
        for (std::size_t route = 0; route < _routes.size(); ++route) {
            auto& to = sum.numbers[route];
            const auto& from = shard->numbers[route];
            for (std::size_t i = 0; i < statusCount; ++i)
                to.byStatus[i] += from.byStatus[i].load(std::memory_order_relaxed);
            for (std::size_t i = 0; i < bucketCount; ++i)
                to.byBucket[i] += from.byBucket[i].load(std::memory_order_relaxed);
            to.microseconds += from.microseconds.load(std::memory_order_relaxed);
            to.holds += from.holds.load(std::memory_order_relaxed);
        }
    }
    return sum;
}

std::vector<RequestMetrics::StatusCount> RequestMetrics::byStatus() const {
    std::vector<StatusCount> counts;
    const auto sum = totals();
    for (std::size_t i = 0; i < statusCount; ++i) {
        std::uint64_t count = 0;
        for (const auto& route : sum.numbers)
            count += route.byStatus[i];
        if (count > 0) counts.push_back({statusNames[i], count});
    }
    return counts;
}

void RequestMetrics::write(PrometheusText& text) const {
    const auto sum = totals();
    text.family("changebank_http_requests_total", PrometheusText::Type::counter,
                "Requests answered, by route and status.");
    for (std::size_t route = 0; route < _routes.size(); ++route) {
        for (std::size_t i = 0; i < statusCount; ++i) {
            const auto count = sum.numbers[route].byStatus[i];
            if (count > 0) text.sample({{"route", _routes[route]}, {"status", statusNames[i]}}, count);
        }
    }
    text.family("changebank_http_request_duration_seconds", PrometheusText::Type::histogram,
                "Time from a request's first byte until its response is queued, by route.");
    for (std::size_t route = 0; route < _routes.size(); ++route) {
        const auto& numbers = sum.numbers[route];
        std::uint64_t below = 0;
        for (std::size_t i = 0; i < bucketCount; ++i) {
            below += numbers.byBucket[i];
            const auto bound =
                i < bounds.size() ? secondsOf(bounds[i]) : std::numeric_limits<double>::infinity();
            text.bucket({"route", _routes[route]}, bound, below, _exemplars[route][i].load());
        }
        const std::chrono::microseconds spent(static_cast<std::int64_t>(numbers.microseconds));
        text.sample("_sum", {{"route", _routes[route]}}, secondsOf(spent));
        text.sample("_count", {{"route", _routes[route]}}, below);
    }
    text.family("changebank_http_loop_holds_total", PrometheusText::Type::counter,
                "Times that a handler held an event loop for a second or longer, by route.");
    for (std::size_t route = 0; route < _routes.size(); ++route)
        text.sample({{"route", _routes[route]}}, sum.numbers[route].holds);
}

}  // namespace changebank::daemon
