#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string_view>

namespace changebank::daemon {

/// What became of an event of FusionAuth.
enum class EventOutcome : unsigned char {
    kept,        ///< A revocation was written down, or keys are being refreshed.
    unchanged,   ///< It was known, or concerns only expired tokens.
    duplicate,   ///< An event of that id was kept before.
    ignored,     ///< Its type revokes nothing.
    unsigned_,   ///< 401: no signature, or one that is not good.
    malformed,   ///< 400, 413
    future,      ///< 400: createInstant is ahead of our clock.
    full,        ///< 503
    notWritten,  ///< 503
};
inline constexpr std::size_t eventOutcomeCount = 9;

/// For metrics: "kept", "unchanged", "duplicate", "ignored", "unsigned", "malformed", "future", "full",
/// "not_written".
std::string_view nameOf(EventOutcome outcome) noexcept;

/// How many events had each outcome. Thread-safe.
class WebhookCounters {
public:
    void count(EventOutcome outcome) noexcept { _counts[static_cast<std::size_t>(outcome)]++; }
    std::uint64_t of(EventOutcome outcome) const noexcept { return _counts[static_cast<std::size_t>(outcome)]; }

private:
    std::array<std::atomic<std::uint64_t>, eventOutcomeCount> _counts{};
};

}  // namespace changebank::daemon
