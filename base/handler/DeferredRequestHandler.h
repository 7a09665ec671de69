#pragma once

#include <Poco/Net/HTTPRequestHandler.h>

#include <memory>

namespace Poco::Net {
class HTTPServerRequest;
}

namespace changebank {

/// Returned by a factory when choosing the handler is CPU-intensive, e.g. verifying a signature; for waiting
/// there are SuspendedRequestHandler and BlockingRequestHandler. An event-driven server calls resolve() after
/// all requests that can be answered immediately, so that a flood of expensive requests does not delay them
/// (`tests/bench/run --only=bad` measures it). Under Poco::Net::HTTPServer it is an ordinary handler.
class DeferredRequestHandler : public Poco::Net::HTTPRequestHandler {
public:
    /// Does the expensive work and returns the handler for the request: never null, possibly a
    /// BlockingRequestHandler or a SuspendedRequestHandler. Called once, with the request that the factory
    /// was given.
    virtual std::unique_ptr<Poco::Net::HTTPRequestHandler> resolve(
        const Poco::Net::HTTPServerRequest& request) = 0;

    /// True for the request of a caller who is known, such as one with a cached token: it takes turns with
    /// those of strangers instead of waiting behind all of them.
    virtual bool isPreferred() const { return false; }

    void handleRequest(Poco::Net::HTTPServerRequest& request,
                       Poco::Net::HTTPServerResponse& response) override;
};

}  // namespace changebank
