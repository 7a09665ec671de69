#pragma once

#include <Poco/Net/HTTPRequestHandlerFactory.h>

#include <memory>
#include <string>
#include <vector>

#include "handlers/Route.h"
#include "security/AuditTrail.h"
#include "security/RefusalReporter.h"
#include "security/TokenExtractor.h"
#include "security/TokenValidator.h"

namespace changebank::handlers {

/// Who may do what; any role of a list will do, and an empty list lets nobody through.
struct ChangeBankRoles {
    std::vector<std::string> makeChange;
    std::vector<std::string> panic;
};

/// The routes of ChangeBank: the page, liveness, readiness, make-change and panic. Put your own here.
/// `audit` must not be nullptr.
std::vector<Route> changeBankRoutes(const ChangeBankRoles& roles,
                                    const std::shared_ptr<const security::TokenValidator>& validator,
                                    const security::AuditTrail::Ptr& audit);

/// The whole way of a request above the server: public routes, then the guard, then protected routes, role
/// guard and handler. The factory is immutable, usable from any thread, and keeps alive what it was given.
Poco::Net::HTTPRequestHandlerFactory::Ptr makeChangeBank(const ChangeBankRoles& roles,
                                                         security::TokenExtractor extractor,
                                                         std::shared_ptr<security::TokenValidator> validator,
                                                         const security::RefusalReporter::Ptr& reporter,
                                                         const security::AuditTrail::Ptr& audit);

}  // namespace changebank::handlers
