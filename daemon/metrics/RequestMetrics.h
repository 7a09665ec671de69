#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "changebank/base/handler/AccessObserver.h"
#include "changebank/daemon/metrics/LastExemplar.h"
#include "changebank/daemon/metrics/PrometheusText.h"

namespace changebank::daemon {

/// Counts answered requests and their durations by route and status. Its size is fixed at construction: other
/// routes and statuses count as "other", so that callers cannot make it grow. Recording takes no lock: each
/// thread uses one of a few shards. Thread-safe.
class RequestMetrics : public AccessObserver {
public:
    /// The upper bounds of the histogram's buckets; one more bucket takes the rest.
    static constexpr std::array<std::chrono::microseconds, 15> bounds{
        std::chrono::microseconds(100),       std::chrono::microseconds(250),
        std::chrono::microseconds(500),       std::chrono::microseconds(1'000),
        std::chrono::microseconds(2'500),     std::chrono::microseconds(5'000),
        std::chrono::microseconds(10'000),    std::chrono::microseconds(25'000),
        std::chrono::microseconds(50'000),    std::chrono::microseconds(100'000),
        std::chrono::microseconds(250'000),   std::chrono::microseconds(500'000),
        std::chrono::microseconds(1'000'000), std::chrono::microseconds(2'500'000),
        std::chrono::microseconds(10'000'000)};

    /// `routes` are the paths to distinguish, as access records name them.
    explicit RequestMetrics(std::vector<std::string> routes);
    ~RequestMetrics() override;

    void answered(const AccessRecord& record) noexcept override;
    /// Keeps a request whose trace is exported as the exemplar of its bucket. `now` is the time of its end.
    void keepExemplar(const AccessRecord& record,
                      std::chrono::sys_time<std::chrono::milliseconds> now) noexcept;
    void heldLoop(std::string_view route, std::chrono::milliseconds duration) noexcept override;

    /// The number of responses per status, over all routes.
    struct StatusCount {
        std::string_view status;
        std::uint64_t count;
    };
    std::vector<StatusCount> byStatus() const;

    /// changebank_http_requests_total, changebank_http_request_duration_seconds and
    /// changebank_http_loop_holds_total.
    void write(PrometheusText& text) const;

private:
    template <typename Number>
    struct RouteNumbers;
    struct Shard;
    struct Totals;

    std::size_t routeIndex(std::string_view route) const noexcept;
    Totals totals() const;

    std::vector<std::string> _routes;
    std::vector<std::unique_ptr<Shard>> _shards;
    /// By route.
    std::vector<std::array<LastExemplar, bounds.size() + 1>> _exemplars;
};

}  // namespace changebank::daemon
