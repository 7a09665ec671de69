#include "changebank/handlers/routing/SubstitutedHandler.h"

#include <chrono>
#include <utility>

#include "changebank/base/handler/BlockingRequestHandler.h"
#include "changebank/base/handler/SuspendedRequestHandler.h"

namespace changebank::handlers {

using Poco::Net::HTTPRequestHandler;
using Poco::Net::HTTPServerRequest;
using Poco::Net::HTTPServerResponse;

namespace {

/// What the handlers below have in common. The inner handler, which may look into the request, is destroyed
/// first.
struct Substitution {
    std::shared_ptr<HTTPServerRequest> request;
    std::shared_ptr<const SubstitutedRun> run;
    std::unique_ptr<HTTPRequestHandler> handler;

    /// The handler that the inner one, which is of this type, resolves to.
    std::unique_ptr<HTTPRequestHandler> resolve() const {
        auto resolved = dynamic_cast<DeferredRequestHandler&>(*handler).resolve(*request);
        return substitutedHandler(request, std::move(resolved), run);
    }

    bool isPreferred() const { return dynamic_cast<const DeferredRequestHandler&>(*handler).isPreferred(); }
};

class PlainSubstitute : public HTTPRequestHandler {
public:
    explicit PlainSubstitute(Substitution substitution) : _substitution(std::move(substitution)) {}

    void handleRequest(HTTPServerRequest&, HTTPServerResponse& response) override {
        (*_substitution.run)(*_substitution.handler, *_substitution.request, response);
    }

private:
    Substitution _substitution;
};

class BlockingSubstitute : public PlainSubstitute, public BlockingRequestHandler {
public:
    BlockingSubstitute(Substitution substitution, Capacity capacity)
        : PlainSubstitute(std::move(substitution)), _capacity(capacity) {}

    Capacity capacity() const noexcept override { return _capacity; }

private:
    Capacity _capacity;
};

class DeferredSubstitute : public DeferredRequestHandler {
public:
    explicit DeferredSubstitute(Substitution substitution) : _substitution(std::move(substitution)) {}

    std::unique_ptr<HTTPRequestHandler> resolve(const HTTPServerRequest&) override {
        return _substitution.resolve();
    }
    bool isPreferred() const override { return _substitution.isPreferred(); }

private:
    Substitution _substitution;
};

class SuspendedSubstitute : public SuspendedRequestHandler {
public:
    explicit SuspendedSubstitute(Substitution substitution) : _substitution(std::move(substitution)) {}

    bool suspend(std::function<void()> resume) override { return inner().suspend(std::move(resume)); }
    std::chrono::milliseconds maxWait() const override { return inner().maxWait(); }
    std::unique_ptr<HTTPRequestHandler> resolve(const HTTPServerRequest&) override {
        return _substitution.resolve();
    }
    bool isPreferred() const override { return _substitution.isPreferred(); }

private:
    SuspendedRequestHandler& inner() const {
        return dynamic_cast<SuspendedRequestHandler&>(*_substitution.handler);
    }

    Substitution _substitution;
};

}  // namespace

std::unique_ptr<HTTPRequestHandler> substitutedHandler(std::shared_ptr<HTTPServerRequest> request,
                                                       std::unique_ptr<HTTPRequestHandler> handler,
                                                       std::shared_ptr<const SubstitutedRun> run) {
    const bool isDeferred = dynamic_cast<const DeferredRequestHandler*>(handler.get()) != nullptr;
    const bool isSuspended =
        isDeferred && dynamic_cast<const SuspendedRequestHandler*>(handler.get()) != nullptr;
    const auto* blocking = dynamic_cast<const BlockingRequestHandler*>(handler.get());
    Substitution substitution{std::move(request), std::move(run), std::move(handler)};
    if (isSuspended) return std::make_unique<SuspendedSubstitute>(std::move(substitution));
    if (isDeferred) return std::make_unique<DeferredSubstitute>(std::move(substitution));
    if (blocking != nullptr)
        return std::make_unique<BlockingSubstitute>(std::move(substitution), blocking->capacity());
    return std::make_unique<PlainSubstitute>(std::move(substitution));
}

}  // namespace changebank::handlers
