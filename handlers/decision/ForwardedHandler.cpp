#include "changebank/handlers/decision/ForwardedHandler.h"

#include <Poco/Net/HTTPServerResponse.h>

#include <chrono>
#include <utility>

#include "changebank/base/handler/BlockingRequestHandler.h"
#include "changebank/base/handler/SuspendedRequestHandler.h"

namespace changebank::handlers {

using Poco::Net::HTTPRequestHandler;
using Poco::Net::HTTPServerRequest;
using Poco::Net::HTTPServerResponse;

namespace {

using Handler = std::unique_ptr<HTTPRequestHandler>;

/// What the handlers below have in common. The inner handler, which may look into the request, is destroyed
/// first.
struct Forwarding {
    std::shared_ptr<ForwardedRequest> request;
    std::shared_ptr<const DecisionObserver> observer;
    Handler handler;

    void handle(HTTPServerResponse& response) const {
        try {
            handler->handleRequest(*request, response);
        } catch (...) {
            tell(HTTPServerResponse::HTTP_INTERNAL_SERVER_ERROR);
            throw;
        }
        tell(response.getStatus());
    }

    void tell(int status) const {
        if (observer) (*observer)(request->rule(), status);
    }

    /// The handler that the inner one, which is of this type, resolves to.
    Handler resolve() const {
        auto resolved = dynamic_cast<DeferredRequestHandler&>(*handler).resolve(*request);
        return forwardedHandler(request, std::move(resolved), observer);
    }

    bool isPreferred() const { return dynamic_cast<const DeferredRequestHandler&>(*handler).isPreferred(); }
};

class PlainHandler : public HTTPRequestHandler {
public:
    explicit PlainHandler(Forwarding forwarding) : _forwarding(std::move(forwarding)) {}

    void handleRequest(HTTPServerRequest&, HTTPServerResponse& response) override {
        _forwarding.handle(response);
    }

private:
    Forwarding _forwarding;
};

class BlockingForwardedHandler : public PlainHandler, public BlockingRequestHandler {
public:
    BlockingForwardedHandler(Forwarding forwarding, Capacity capacity)
        : PlainHandler(std::move(forwarding)), _capacity(capacity) {}

    Capacity capacity() const noexcept override { return _capacity; }

private:
    Capacity _capacity;
};

class DeferredForwardedHandler : public DeferredRequestHandler {
public:
    explicit DeferredForwardedHandler(Forwarding forwarding) : _forwarding(std::move(forwarding)) {}

    Handler resolve(const HTTPServerRequest&) override { return _forwarding.resolve(); }
    bool isPreferred() const override { return _forwarding.isPreferred(); }

private:
    Forwarding _forwarding;
};

class SuspendedForwardedHandler : public SuspendedRequestHandler {
public:
    explicit SuspendedForwardedHandler(Forwarding forwarding) : _forwarding(std::move(forwarding)) {}

    bool suspend(std::function<void()> resume) override { return inner().suspend(std::move(resume)); }
    std::chrono::milliseconds maxWait() const override { return inner().maxWait(); }
    Handler resolve(const HTTPServerRequest&) override { return _forwarding.resolve(); }
    bool isPreferred() const override { return _forwarding.isPreferred(); }

private:
    SuspendedRequestHandler& inner() const {
        return dynamic_cast<SuspendedRequestHandler&>(*_forwarding.handler);
    }

    Forwarding _forwarding;
};

}  // namespace

Handler forwardedHandler(std::shared_ptr<ForwardedRequest> request, Handler handler,
                         std::shared_ptr<const DecisionObserver> observer) {
    const bool isDeferred = dynamic_cast<const DeferredRequestHandler*>(handler.get()) != nullptr;
    const bool isSuspended =
        isDeferred && dynamic_cast<const SuspendedRequestHandler*>(handler.get()) != nullptr;
    const auto* blocking = dynamic_cast<const BlockingRequestHandler*>(handler.get());
    Forwarding forwarding{std::move(request), std::move(observer), std::move(handler)};
    if (isSuspended) return std::make_unique<SuspendedForwardedHandler>(std::move(forwarding));
    if (isDeferred) return std::make_unique<DeferredForwardedHandler>(std::move(forwarding));
    if (blocking != nullptr)
        return std::make_unique<BlockingForwardedHandler>(std::move(forwarding), blocking->capacity());
    return std::make_unique<PlainHandler>(std::move(forwarding));
}

}  // namespace changebank::handlers
