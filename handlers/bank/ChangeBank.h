#pragma once

#include <Poco/Net/HTTPRequestHandlerFactory.h>

#include <memory>
#include <string>
#include <vector>

#include "changebank/handlers/routing/Route.h"
#include "changebank/security/guard/AuditTrail.h"
#include "changebank/security/guard/RefusalReporter.h"
#include "changebank/security/token/TokenValidator.h"

namespace changebank::handlers {

/// Who may do what; any role of a list will do, and an empty list lets nobody through.
struct ChangeBankRoles {
    std::vector<std::string> makeChange;
    std::vector<std::string> panic;
};

/// What an operator decides about ChangeBank itself.
struct ChangeBankOptions {
    ChangeBankRoles roles{};
    /// The cookie that a token may come in.
    std::string cookie{};
    /// Where the page signs in and out; see PageConfiguration.
    std::string login{};
    std::string logout{};
    /// The origins besides its own whose pages may call with credentials; see security::AllowedOrigins.
    std::vector<std::string> corsOrigins{};
};

/// The routes of ChangeBank: the page, its description for programs, liveness, readiness, make-change, panic
/// and me. Put your own here. `audit` must not be nullptr.
std::vector<Route> changeBankRoutes(const ChangeBankOptions& options,
                                    const std::shared_ptr<const security::TokenValidator>& validator,
                                    const security::AuditTrail::Ptr& audit);

/// The whole way of a request above the server: other origins' pages, then the router with its chains of
/// guard, method, roles and handler. The factory is immutable, usable from any thread, and keeps alive what
/// it was given.
Poco::Net::HTTPRequestHandlerFactory::Ptr makeChangeBank(
    const ChangeBankOptions& options, const std::shared_ptr<security::TokenValidator>& validator,
    const security::RefusalReporter::Ptr& reporter, const security::AuditTrail::Ptr& audit);

}  // namespace changebank::handlers
