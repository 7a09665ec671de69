#pragma once

#include <memory>

#include "changebank/base/system/Clock.h"
#include "changebank/security/guard/AccessRule.h"
#include "changebank/security/guard/AuditTrail.h"
#include "changebank/security/guard/PrincipalRequestHandlerFactory.h"
#include "changebank/security/guard/RefusalReporter.h"

namespace changebank::security {

/// Passes the principals that a rule admits to the factory behind it. For others returns a handler that
/// responds with 403 (RFC 6750 section 3.1, insufficient_scope), and records that first in the audit trail,
/// if there is one and it admits it; or with 401 where only another sign-in is needed (RFC 9470), which is
/// not recorded. Immutable, usable from any thread.
class AccessGuard : public PrincipalRequestHandlerFactory {
public:
    /// `audit` may be nullptr; without it the handler of a refusal does not wait. `challenge` is that of the
    /// route; nullptr: the one that the rule makes with the reporter's realm. The clock must outlive the
    /// guard.
    AccessGuard(AccessRule rule, PrincipalRequestHandlerFactory::Ptr next, RefusalReporter::Ptr reporter,
                AuditTrail::Ptr audit = nullptr, Challenge::Ptr challenge = nullptr,
                Clock& clock = Clock::system());

    std::unique_ptr<Poco::Net::HTTPRequestHandler> createRequestHandler(
        const Poco::Net::HTTPServerRequest& request, std::shared_ptr<const Principal> principal) override;

private:
    AccessRule _rule;
    PrincipalRequestHandlerFactory::Ptr _next;
    RefusalReporter::Ptr _reporter;
    AuditTrail::Ptr _audit;
    Challenge::Ptr _challenge;
    Clock& _clock;
};

}  // namespace changebank::security
