#pragma once

#include <memory>
#include <string>
#include <vector>

#include "changebank/handlers/routing/Router.h"
#include "changebank/security/dpop/DpopVerifier.h"
#include "changebank/security/guard/AuditTrail.h"
#include "changebank/security/guard/ProtectedResources.h"
#include "changebank/security/guard/RefusalReporter.h"
#include "changebank/security/guard/TokenExtractor.h"
#include "changebank/security/limit/CallerLimits.h"
#include "changebank/security/token/TokenValidator.h"

namespace changebank::handlers {

/// Where tokens are looked for, and what they may be bound to.
struct ProtectionOptions {
    /// The name of the cookie with the token.
    std::string cookie{};
    /// Other origins whose pages may call with credentials; see security::AllowedOrigins.
    std::vector<std::string> corsOrigins{};
    /// What clients can discover; without identifiers, nothing.
    security::ProtectedResources::Options resources{};
    /// Checks the proofs of DPoP-bound tokens, which must be for one of the resources; nullptr: there are
    /// none.
    std::shared_ptr<const security::DpopVerifier> dpop{};
    /// How many requests a second callers may make; nullptr: any number.
    std::shared_ptr<const security::CallerLimits> limits{};
};

/// Finds the tokens of requests.
security::TokenExtractor extractorOf(const ProtectionOptions& options);

/// What stands in front of what is not public: guards that ask the validator, and the challenges of paths.
/// Shares the ownership of what it needs.
Router::Protection makeProtection(const ProtectionOptions& options,
                                  const std::shared_ptr<security::TokenValidator>& validator,
                                  const security::RefusalReporter::Ptr& reporter,
                                  const security::AuditTrail::Ptr& audit);

}  // namespace changebank::handlers
