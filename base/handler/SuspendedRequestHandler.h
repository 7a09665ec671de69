#pragma once

#include <chrono>
#include <functional>

#include "changebank/base/handler/DeferredRequestHandler.h"

namespace changebank {

/// A deferred handler that has to wait for an event first, e.g. for the end of a fetch that many requests
/// share. An event-driven server suspends the request meanwhile: it costs memory, but no thread. Under
/// Poco::Net::HTTPServer the connection's thread waits.
///
/// The server calls suspend(), then resolve() once the event has come or maxWait() has passed.
class SuspendedRequestHandler : public DeferredRequestHandler {
public:
    /// Begins to wait. Returns false if there is nothing to wait for; `resume` is then not called. Otherwise
    /// `resume` is called at most once, from any thread, possibly during this call, and never after the
    /// handler's destruction. It neither throws nor waits.
    virtual bool suspend(std::function<void()> resume) = 0;

    /// The maximum time to wait.
    virtual std::chrono::milliseconds maxWait() const = 0;

    void handleRequest(Poco::Net::HTTPServerRequest& request, Poco::Net::HTTPServerResponse& response) final;
};

}  // namespace changebank
