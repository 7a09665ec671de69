#pragma once

#include <Poco/Net/HTTPRequestHandler.h>

#include <functional>
#include <memory>

#include "changebank/handlers/decision/ForwardedRequest.h"

namespace changebank::handlers {

/// Told of each answer to a question of a proxy: the number of the rule that decided, 0 if none was found or
/// looked for, and the response's status; 500, which the server sends then, if a handler throws.
using DecisionObserver = std::function<void(unsigned rule, int status)>;

/// A handler for the proxy's own request that runs `handler` with the one that the proxy asks about, and
/// keeps it as long as that handler. It is deferred, suspended or blocking (base/handler) if `handler` is,
/// and so are those that it resolves to. Once it has
/// handled the request, or has thrown, the observer is told; nullptr: nobody is. A handler that is never run
/// tells nothing.
std::unique_ptr<Poco::Net::HTTPRequestHandler> forwardedHandler(
    std::shared_ptr<ForwardedRequest> request, std::unique_ptr<Poco::Net::HTTPRequestHandler> handler,
    std::shared_ptr<const DecisionObserver> observer);

}  // namespace changebank::handlers
