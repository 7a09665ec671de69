#pragma once

#include <functional>
#include <memory>

#include "changebank/handlers/routing/SubstitutedHandler.h"

namespace changebank::handlers {

/// Told of each answer to a question of a proxy: the number of the rule that decided, 0 if none was found or
/// looked for, and the response's status; 500, which the server sends then, if a handler throws.
using DecisionObserver = std::function<void(unsigned rule, int status)>;

/// How a handler for a proxy's own request runs the one for the ForwardedRequest that the proxy asks about
/// (substitutedHandler()). Once that has handled the request, or has thrown, the observer is told, unless it
/// is empty. A handler that is never run tells nothing.
std::shared_ptr<const SubstitutedRun> forwardedRun(DecisionObserver observer);

}  // namespace changebank::handlers
