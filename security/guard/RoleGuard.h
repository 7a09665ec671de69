#pragma once

#include <memory>
#include <string>
#include <vector>

#include "changebank/security/guard/AuditTrail.h"
#include "changebank/security/guard/PrincipalRequestHandlerFactory.h"
#include "changebank/security/guard/RefusalReporter.h"

namespace changebank::security {

/// Lets a principal through to the factory behind it if it has any of the wanted roles, and otherwise answers
/// 403 (RFC 6750 section 3.1, insufficient_scope), after the audit trail has it where there is one.
/// Immutable, usable from any thread.
class RoleGuard : public PrincipalRequestHandlerFactory {
public:
    /// `audit` may be nullptr.
    RoleGuard(std::vector<std::string> wanted, PrincipalRequestHandlerFactory::Ptr next,
              RefusalReporter::Ptr reporter, AuditTrail::Ptr audit = nullptr);

    std::unique_ptr<Poco::Net::HTTPRequestHandler> createRequestHandler(
        const Poco::Net::HTTPServerRequest& request, std::shared_ptr<const Principal> principal) override;

private:
    std::vector<std::string> _wanted;
    PrincipalRequestHandlerFactory::Ptr _next;
    RefusalReporter::Ptr _reporter;
    AuditTrail::Ptr _audit;
};

}  // namespace changebank::security
