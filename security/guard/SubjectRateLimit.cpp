#include "changebank/security/guard/SubjectRateLimit.h"

#include <chrono>
#include <functional>

namespace changebank::security {

void SubjectRateLimit::setLimit(unsigned limit) {
    const std::lock_guard lock(_mutex);
    _limit = limit;
}

SubjectRateLimit::Verdict SubjectRateLimit::count(std::string_view subject, Clock::Monotonic now) {
    const std::lock_guard lock(_mutex);
    if (now >= _windowEnd) {
        _windowEnd = now + std::chrono::minutes(1);
        _counts.clear();
        _others = 0;
    }
    const auto hash = std::hash<std::string_view>()(subject);
    const bool isCounted = _counts.size() < maxSubjects || _counts.contains(hash);
    auto& number = isCounted ? _counts[hash] : _others;
    if (number > _limit) return Verdict::beyond;
    return ++number > _limit ? Verdict::last : Verdict::within;
}

}  // namespace changebank::security
