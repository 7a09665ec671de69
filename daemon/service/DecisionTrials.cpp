#include "changebank/daemon/service/DecisionTrials.h"

#include <algorithm>
#include <utility>

#include "changebank/base/system/Clock.h"
#include "changebank/security/guard/RefusalReporter.h"

namespace changebank::daemon {

namespace {

Poco::Net::HTTPRequestHandlerFactory::Ptr makeTrials(
    handlers::DecisionOptions options, std::vector<security::TrustedIssuer> issuers,
    std::shared_ptr<const security::RevocationList> revocations) {
    options.decided = {};
    // The operator sees the cause, whatever callers are told.
    const auto reporter =
        std::make_shared<security::RefusalReporter>(security::ErrorDetail::detailed, nullptr);
    const auto validator = std::make_shared<security::TokenValidator>(
        std::move(issuers), nullptr, Clock::system(), std::move(revocations));
    return handlers::makeDecisions(options, validator, reporter, nullptr);
}

}  // namespace

DecisionTrials::DecisionTrials(handlers::DecisionOptions options,
                               std::vector<security::TrustedIssuer> issuers,
                               std::shared_ptr<const security::RevocationList> revocations)
    : _rules(options.rules),
      _decisions(makeTrials(std::move(options), std::move(issuers), std::move(revocations))) {}

DecisionTrials::Outcome DecisionTrials::run(const handlers::TriedRequest& request) const {
    auto decisions = _decisions;
    Outcome outcome{handlers::tryDecision(*decisions, request), std::nullopt};
    const auto rule = std::find_if(_rules.begin(), _rules.end(),
                                   [&](const auto& each) { return each.number == outcome.decision.rule; });
    if (rule != _rules.end()) outcome.rule = *rule;
    return outcome;
}

}  // namespace changebank::daemon
