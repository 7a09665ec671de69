#pragma once

#include <Poco/Net/HTTPRequestHandler.h>

#include <memory>
#include <utility>

#include "changebank/base/handler/BlockingRequestHandler.h"

namespace changebank::handlers {

/// Marks another handler as one that may wait.
class BlockingHandler : public Poco::Net::HTTPRequestHandler, public BlockingRequestHandler {
public:
    /// The handler must not be nullptr.
    BlockingHandler(std::unique_ptr<Poco::Net::HTTPRequestHandler> handler, Capacity capacity)
        : _handler(std::move(handler)), _capacity(capacity) {}

    Capacity capacity() const noexcept override { return _capacity; }

    void handleRequest(Poco::Net::HTTPServerRequest& request,
                       Poco::Net::HTTPServerResponse& response) override {
        _handler->handleRequest(request, response);
    }

private:
    std::unique_ptr<Poco::Net::HTTPRequestHandler> _handler;
    Capacity _capacity;
};

}  // namespace changebank::handlers
