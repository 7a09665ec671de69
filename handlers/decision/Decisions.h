#pragma once

#include <Poco/Net/HTTPRequestHandlerFactory.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "changebank/handlers/decision/DecisionRule.h"
#include "changebank/handlers/decision/ForwardedRun.h"
#include "changebank/handlers/decision/RequestConvention.h"
#include "changebank/security/dpop/DpopVerifier.h"
#include "changebank/security/guard/AuditTrail.h"
#include "changebank/security/guard/ProtectedResources.h"
#include "changebank/security/guard/RefusalReporter.h"
#include "changebank/security/limit/CallerLimits.h"
#include "changebank/security/token/TokenValidator.h"

namespace changebank::handlers {

class IdentityTokens;

/// The operator's options of the decision endpoint.
struct DecisionOptions {
    RequestConvention convention = RequestConvention::forwarded;
    std::vector<DecisionRule> rules{};
    /// As in ChangeBankOptions.
    std::string cookie{};
    std::vector<std::string> corsOrigins{};
    security::ProtectedResources::Options resources{};
    std::shared_ptr<const security::DpopVerifier> dpop{};
    std::shared_ptr<const security::CallerLimits> limits{};
    /// Makes tokens for the API behind the proxy; nullptr: the API gets plain fields.
    std::shared_ptr<const IdentityTokens> tokens{};
    /// See DecisionObserver. Told also of questions that could not be read. Not told of other requests to the
    /// listener, of a 405, and of questions for which no handler was run: the server had no thread for it and
    /// answered 503, or the proxy was gone. Called from any thread; must not wait or throw. May be empty.
    DecisionObserver decided{};
};

/// Where an API behind the proxy finds the keys of IdentityTokens.
inline constexpr std::string_view keySetPath = "/.well-known/jwks.json";

/// Decides about requests as a proxy received them: by their rule, with the guard in front of every rule that
/// is not public, like the routes of a Router. A request that no rule allows gets a 403 (Cause::ruleMissing),
/// once its token is verified. An allowed one gets a 200 with the fields of IdentityFields.h. A path that is
/// not clear (normalPath()), a target that is not in origin form and a field that might deceive
/// (DeceptiveFields.h) are refused before anything else.
///
/// With limits of callers, a request counts for the client that the proxy names, and one beyond the limit of
/// its network gets a 429 before anything else.
///
/// A preflight from an allowed origin is allowed without a token, if a rule has its path and the method that
/// it asks for: the API answers it. Pages of these origins may read refusals.
///
/// Notes the pattern of the rule as the route. `audit` may be nullptr. Immutable, usable from any thread.
Poco::Net::HTTPRequestHandlerFactory::Ptr makeDecisions(
    const DecisionOptions& options, const std::shared_ptr<security::TokenValidator>& validator,
    const security::RefusalReporter::Ptr& reporter, const security::AuditTrail::Ptr& audit);

/// The decision endpoint: reads the convention's request and hands it to `decisions`; with identity tokens
/// also `GET` of keySetPath. Its handlers are deferred, suspended or blocking as those of
/// `decisions` are. Notes the received request for the access log (RequestContext::noteReceived()).
Poco::Net::HTTPRequestHandlerFactory::Ptr makeDecisionEndpoint(
    const DecisionOptions& options, Poco::Net::HTTPRequestHandlerFactory::Ptr decisions,
    const security::RefusalReporter::Ptr& reporter);

}  // namespace changebank::handlers
