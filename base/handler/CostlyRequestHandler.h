#pragma once

#include <Poco/Net/HTTPRequestHandler.h>

#include <memory>

namespace Poco::Net {
class HTTPServerRequest;
}

namespace changebank {

/// What a factory returns where it takes long to know who answers a request, as where a signature must be
/// verified first: the processor works, and waits for nothing (BlockingRequestHandler). An event-driven
/// server lets it find() after the requests that can be answered at once, so that a flood of costly ones does
/// not hold them up. Under Poco::Net::HTTPServer, and wherever nobody takes notice, it is a handler like
/// others. What that is worth is the latency of a known token beside a flood of forged ones:
/// `tests/bench/run --only=bad`.
class CostlyRequestHandler : public Poco::Net::HTTPRequestHandler {
public:
    /// Does what is costly, and returns the handler that answers; it may be blocking, is not costly, and is
    /// never null. To be called once, with the request that the factory was asked about.
    virtual std::unique_ptr<Poco::Net::HTTPRequestHandler> find(
        const Poco::Net::HTTPServerRequest& request) = 0;

    void handleRequest(Poco::Net::HTTPServerRequest& request, Poco::Net::HTTPServerResponse& response) final;
};

}  // namespace changebank
