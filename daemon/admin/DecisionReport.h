#pragma once

#include <string>

#include "changebank/daemon/service/DecisionTrials.h"

namespace changebank::daemon {

/// The outcome of a trial as one JSON object: `allowed`, `status`, `rule`, `methods`, `pattern` and `who`
/// (null if no rule decided), `cause` and `error` (null if it is allowed), `subject` (null if there is none)
/// and the `fields` of the response. An identity token among them is masked.
std::string decisionReport(const DecisionTrials::Outcome& outcome);

}  // namespace changebank::daemon
