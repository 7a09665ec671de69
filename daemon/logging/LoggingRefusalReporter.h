#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <utility>

#include "changebank/base/system/Clock.h"
#include "changebank/daemon/logging/RecentDenials.h"
#include "changebank/security/guard/RefusalReporter.h"

namespace changebank::daemon {

/// Logs each denied request at debug: cause, method, path, client, subject and trace id, all
/// escaped; never a token.
/// Keeps the last ones whatever the level, but of those beyond a limit of callers (security::CallerLimits)
/// only one in limitedPause, so that they do not push out all others.
class LoggingRefusalReporter : public security::RefusalReporter {
public:
    static constexpr std::chrono::milliseconds limitedPause{100};

    /// `recent` may be nullptr. `clock` must outlive the reporter.
    LoggingRefusalReporter(security::ErrorDetail detail, std::shared_ptr<security::RefusalCounters> counters,
                           std::shared_ptr<RecentDenials> recent, Clock& clock = Clock::system())
        : RefusalReporter(detail, std::move(counters)), _recent(std::move(recent)), _clock(clock) {}

protected:
    void refused(const Poco::Net::HTTPServerRequest& request, const security::Refusal& refusal,
                 const security::Principal* principal) override;

private:
    void keep(const Poco::Net::HTTPServerRequest& request, const security::Refusal& refusal,
              const security::Principal* principal) const;

    bool isKept(security::Cause cause) noexcept;

    std::shared_ptr<RecentDenials> _recent;
    Clock& _clock;
    /// When the next one beyond a limit is kept.
    std::atomic<Clock::Monotonic> _nextLimited{Clock::Monotonic{}};
};

}  // namespace changebank::daemon
