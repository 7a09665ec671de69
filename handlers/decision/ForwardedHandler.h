#pragma once

#include <Poco/Net/HTTPRequestHandler.h>

#include <functional>
#include <memory>

#include "changebank/handlers/decision/ForwardedRequest.h"

namespace changebank::handlers {

/// Told of each decision: the number of its rule, 0 if none was found, and the response's status.
using DecisionObserver = std::function<void(unsigned rule, int status)>;

/// A handler for the proxy's own request that runs `handler` with the one that the proxy asks about, and
/// keeps it as long as that handler. It is deferred, suspended or blocking (base/handler) if `handler` is,
/// and so are those that it resolves to. Afterwards the observer is told; nullptr: nobody is.
std::unique_ptr<Poco::Net::HTTPRequestHandler> forwardedHandler(
    std::shared_ptr<ForwardedRequest> request, std::unique_ptr<Poco::Net::HTTPRequestHandler> handler,
    std::shared_ptr<const DecisionObserver> observer);

}  // namespace changebank::handlers
