#pragma once

#include <Poco/Net/HTTPRequestHandlerFactory.h>

#include <memory>
#include <optional>
#include <vector>

#include "changebank/handlers/decision/DecisionRule.h"
#include "changebank/handlers/decision/DecisionTrial.h"
#include "changebank/handlers/decision/Decisions.h"
#include "changebank/security/token/TokenValidator.h"

namespace changebank::daemon {

/// Tries requests for an operator, as the decision endpoint decides. Leaves no trace: no audit line, nothing
/// counted, no token remembered. Immutable, usable from any thread.
class DecisionTrials {
public:
    /// `options` are those of the decision endpoint, `issuers` and `revocations` those of its validator.
    DecisionTrials(handlers::DecisionOptions options, std::vector<security::TrustedIssuer> issuers,
                   std::shared_ptr<const security::RevocationList> revocations);

    struct Outcome {
        handlers::TriedDecision decision;
        /// The rule that decided; std::nullopt if there was none.
        std::optional<handlers::DecisionRule> rule;
    };

    /// May wait for keys.
    Outcome run(const handlers::TriedRequest& request) const;

private:
    std::vector<handlers::DecisionRule> _rules;
    Poco::Net::HTTPRequestHandlerFactory::Ptr _decisions;
};

}  // namespace changebank::daemon
