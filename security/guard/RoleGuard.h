#pragma once

#include <memory>
#include <string>
#include <vector>

#include "changebank/security/guard/AuditTrail.h"
#include "changebank/security/guard/PrincipalRequestHandlerFactory.h"
#include "changebank/security/guard/RefusalReporter.h"

namespace changebank::security {

/// Passes a principal with any of the wanted roles to the factory behind it; otherwise returns a handler that
/// records the refusal in the audit trail, if there is one and it admits it, and responds with 403 (RFC 6750
/// section 3.1, insufficient_scope). Immutable, usable from any thread.
class RoleGuard : public PrincipalRequestHandlerFactory {
public:
    /// An empty `wanted` refuses everybody. `audit` may be nullptr; without it the handler of a refusal does
    /// not wait.
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
