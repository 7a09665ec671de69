#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace changebank::daemon {

/// The last traced request that was counted in a place, as an exemplar (OpenMetrics 1.0, "Exemplars"). Takes
/// no lock: of two writers at the same time one gives up. Thread-safe.
class LastExemplar {
public:
    struct Value {
        std::string traceId;
        std::string spanId;
        std::chrono::microseconds duration;
        std::chrono::sys_time<std::chrono::milliseconds> time;
    };

    /// The ids must have 32 and 16 lower-case hexadecimal digits.
    void store(std::string_view traceId, std::string_view spanId, std::chrono::microseconds duration,
               std::chrono::sys_time<std::chrono::milliseconds> time) noexcept;

    /// std::nullopt if there is none, or if it is being replaced all the time.
    std::optional<Value> load() const;

private:
    /// Odd while somebody writes; 0 before the first.
    std::atomic<std::uint64_t> _version{0};
    /// The three halves of the ids, microseconds, milliseconds since 1970.
    std::array<std::atomic<std::uint64_t>, 5> _words{};
};

}  // namespace changebank::daemon
