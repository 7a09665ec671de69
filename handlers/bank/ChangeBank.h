#pragma once

#include <Poco/Net/HTTPRequestHandlerFactory.h>

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "changebank/handlers/routing/Route.h"
#include "changebank/security/dpop/DpopVerifier.h"
#include "changebank/security/guard/AccessRule.h"
#include "changebank/security/guard/AuditTrail.h"
#include "changebank/security/guard/ProtectedResources.h"
#include "changebank/security/guard/RefusalReporter.h"
#include "changebank/security/limit/CallerLimits.h"
#include "changebank/security/token/TokenValidator.h"

namespace changebank::handlers {

/// Who may use each route; by default nobody.
struct ChangeBankAccess {
    security::AccessRule makeChange = security::anyRole({});
    security::AccessRule panic = security::anyRole({});
};

/// The routes by which orchestrators and load balancers ask again and again whether the server lives and is
/// ready.
inline constexpr std::array<std::string_view, 2> probeRoutes{"/livez", "/readyz"};

/// The operator's options of ChangeBank itself.
struct ChangeBankOptions {
    ChangeBankAccess access{};
    /// The name of the cookie with the token.
    std::string cookie{};
    /// Where the page signs in and out; see PageConfiguration.
    std::string login{};
    std::string logout{};
    /// Where the page gets tokens with a fault; see PageConfiguration.
    std::string brokenTokens{};
    /// Whether callers are told how their token is judged; see explainRoute().
    bool explains = false;
    /// Other origins whose pages may call with credentials; see security::AllowedOrigins.
    std::vector<std::string> corsOrigins{};
    /// The names of the issuers without whose keys the server is not ready (TrustedIssuer::name).
    std::vector<std::string> requiredIssuers{"default"};
    /// What clients can discover; without identifiers, nothing.
    security::ProtectedResources::Options resources{};
    /// Checks the proofs of DPoP-bound tokens, which must be for one of the resources; nullptr: there are
    /// none.
    std::shared_ptr<const security::DpopVerifier> dpop{};
    /// How many requests a second callers may make; nullptr: any number.
    std::shared_ptr<const security::CallerLimits> limits{};
    /// Whether the server has begun to stop, for `/readyz`. Empty: never. Must be usable from any thread.
    std::function<bool()> isStopping{};
};

/// The routes of ChangeBank: the page, its OpenAPI description, liveness, readiness, make-change, panic, me
/// and the metadata of protected resources. Add your own here. `audit` must not be nullptr.
std::vector<Route> changeBankRoutes(const ChangeBankOptions& options,
                                    const std::shared_ptr<const security::TokenValidator>& validator,
                                    const security::AuditTrail::Ptr& audit);

/// The whole chain above the server: cross-origin access, then the router with its chains of guard, method,
/// roles and handler. The factory is immutable, usable from any thread, and shares the ownership of its
/// arguments.
Poco::Net::HTTPRequestHandlerFactory::Ptr makeChangeBank(
    const ChangeBankOptions& options, const std::shared_ptr<security::TokenValidator>& validator,
    const security::RefusalReporter::Ptr& reporter, const security::AuditTrail::Ptr& audit);

}  // namespace changebank::handlers
