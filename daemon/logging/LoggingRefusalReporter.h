#pragma once

#include <memory>
#include <utility>

#include "changebank/base/system/Clock.h"
#include "changebank/daemon/logging/RecentDenials.h"
#include "changebank/security/guard/RefusalReporter.h"

namespace changebank::daemon {

/// Logs each denied request at debug: cause, method, path, client, subject and trace id, all escaped; never a token.
/// Keeps the last ones whatever the level.
class LoggingRefusalReporter : public security::RefusalReporter {
public:
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

    std::shared_ptr<RecentDenials> _recent;
    Clock& _clock;
};

}  // namespace changebank::daemon
