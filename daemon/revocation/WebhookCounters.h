#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace changebank::daemon {

/// What became of an event of FusionAuth.
enum class EventOutcome : unsigned char {
    kept,             ///< 200: a revocation was written down, or keys are being refreshed.
    unchanged,        ///< 200: it was known, or concerns only expired tokens.
    duplicate,        ///< 200: an event of that id was kept before.
    ignored,          ///< 200: its type revokes nothing.
    unsigned_,        ///< 401: no signature, or one that is not good.
    malformed,        ///< 400: signed, but not understood.
    future,           ///< 400: createInstant is ahead of our clock.
    full,             ///< 503: there is no room for one more revocation.
    notWritten,       ///< 503: it could not be written down.
    keysUnavailable,  ///< 503: the keys that sign events cannot be fetched.
    tooLarge,         ///< 413: its body is over the limit.
    unread,           ///< Another answer of the server itself: it is busy, or the request late or malformed.
};
inline constexpr std::size_t eventOutcomeCount = static_cast<std::size_t>(EventOutcome::unread) + 1;

/// For metrics, logs and answers: the enumerator's name in lower case with underscores; "unsigned" for
/// unsigned_. Static storage.
std::string_view nameOf(EventOutcome outcome) noexcept;

/// How many events had each outcome. Thread-safe.
class WebhookCounters {
public:
    void count(EventOutcome outcome) noexcept { _counts[static_cast<std::size_t>(outcome)]++; }
    std::uint64_t of(EventOutcome outcome) const noexcept {
        return _counts[static_cast<std::size_t>(outcome)];
    }

private:
    std::array<std::atomic<std::uint64_t>, eventOutcomeCount> _counts{};
};

}  // namespace changebank::daemon
