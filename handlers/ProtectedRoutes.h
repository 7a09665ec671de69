#pragma once

#include <memory>
#include <unordered_map>

#include "handlers/RouteTable.h"
#include "security/AuditTrail.h"
#include "security/PrincipalRequestHandlerFactory.h"
#include "security/RefusalReporter.h"

namespace changebank::handlers {

/// Behind the guard: for a caller whose token is good, 404 where there is no route, 405 where the method does
/// not fit, 403 where the roles do not, and else the route's handler, in this order. Every answer is marked
/// `Cache-Control: no-store`. Immutable, usable from any thread.
class ProtectedRoutes : public security::PrincipalRequestHandlerFactory {
public:
    /// `audit` may be nullptr: refused roles are not written down then.
    ProtectedRoutes(std::shared_ptr<const RouteTable> table, const security::RefusalReporter::Ptr& reporter,
                    const security::AuditTrail::Ptr& audit = nullptr);

    Poco::Net::HTTPRequestHandler* createRequestHandler(
        const Poco::Net::HTTPServerRequest& request,
        std::shared_ptr<const security::Principal> principal) override;

private:
    std::shared_ptr<const RouteTable> _table;
    std::unordered_map<const Route*, security::PrincipalRequestHandlerFactory::Ptr> _guarded;
};

}  // namespace changebank::handlers
