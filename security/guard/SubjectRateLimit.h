#pragma once

#include <cstddef>
#include <mutex>
#include <string_view>
#include <unordered_map>

#include "changebank/base/system/Clock.h"

namespace changebank::security {

/// Counts what each subject does in windows of a minute, up to a limit. Its memory is bounded: it keeps
/// hashes of at most maxSubjects subjects of the current window, and counts all others as one. Usable from
/// any thread; holds its lock for less than a microsecond.
class SubjectRateLimit {
public:
    static constexpr std::size_t maxSubjects = 10'000;

    explicit SubjectRateLimit(unsigned limit) : _limit(limit) {}

    /// Applies to later calls of count().
    void setLimit(unsigned limit);

    enum class Verdict : unsigned char {
        within,  ///< One of the first `limit`.
        last,    ///< The first one beyond the limit.
        beyond,
    };
    Verdict count(std::string_view subject, Clock::Monotonic now);

private:
    std::mutex _mutex;
    unsigned _limit;
    Clock::Monotonic _windowEnd{};
    std::unordered_map<std::size_t, unsigned> _counts;
    unsigned _others = 0;
};

}  // namespace changebank::security
