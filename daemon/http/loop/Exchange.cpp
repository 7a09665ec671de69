#include "changebank/daemon/http/loop/Exchange.h"

#include "changebank/base/handler/DeferredRequestHandler.h"
#include "changebank/base/handler/SuspendedRequestHandler.h"
#include "changebank/daemon/http/loop/ReportedErrors.h"

namespace changebank::http {

Exchange::Exchange(ServerContext& server, const ServerLimits& limits)
    : parser(limits), request(*server.params, response), _server(server) {}

void Exchange::createHandler() {
    if (auto* trace = request.trace(); trace != nullptr) trace->choosing = _server.clock.monotonic();
    guarded([this] {
        _handler.reset(_server.factory->createRequestHandler(request));
        if (!_handler) setError(ServerResponse::HTTP_NOT_IMPLEMENTED);
    });
    endChoice();
}

bool Exchange::isDeferred() const {
    return dynamic_cast<const DeferredRequestHandler*>(_handler.get()) != nullptr;
}

bool Exchange::isPreferred() const {
    const auto* deferred = dynamic_cast<const DeferredRequestHandler*>(_handler.get());
    return deferred != nullptr && deferred->isPreferred();
}

void Exchange::resolveHandler() {
    const auto deferred = std::move(_handler);
    if (!deferred) return;
    guarded([&] { _handler = dynamic_cast<DeferredRequestHandler&>(*deferred).resolve(request); });
    endChoice();
}

bool Exchange::isSuspended() const {
    return dynamic_cast<const SuspendedRequestHandler*>(_handler.get()) != nullptr;
}

bool Exchange::suspend(std::function<void()> resume) {
    bool waits = false;
    if (!guarded(
            [&] { waits = dynamic_cast<SuspendedRequestHandler&>(*_handler).suspend(std::move(resume)); }))
        _handler.reset();
    return waits;
}

std::chrono::milliseconds Exchange::maxWait() const {
    return dynamic_cast<const SuspendedRequestHandler&>(*_handler).maxWait();
}

std::optional<BlockingRequestHandler::Capacity> Exchange::blockingCapacity() const {
    const auto* blocking = dynamic_cast<const BlockingRequestHandler*>(_handler.get());
    return blocking == nullptr ? std::nullopt : std::optional(blocking->capacity());
}

void Exchange::handle() noexcept {
    if (!_handler) return;
    auto* trace = request.trace();
    if (trace != nullptr) trace->handling = _server.clock.monotonic();
    guarded([this] { _handler->handleRequest(request, response); });
    if (trace != nullptr) trace->handled = _server.clock.monotonic();
    _handler.reset();
}

void Exchange::endChoice() noexcept {
    auto* trace = request.trace();
    if (trace != nullptr && !isDeferred()) trace->chosen = _server.clock.monotonic();
}

void Exchange::completeError() noexcept {
    if (_server.errors == nullptr) return;
    const auto status = response.getStatus();
    if (!reportingErrors([&] { _server.errors->completeError(request, response); })) setError(status);
}

std::size_t Exchange::memory() const {
    return sizeof(*this) + parser.headMemory() + request.body().capacity() + response.bodyCapacity();
}

template <typename Call>
bool Exchange::guarded(Call call) noexcept {
    if (reportingErrors(call)) return true;
    setError(ServerResponse::HTTP_INTERNAL_SERVER_ERROR);
    return false;
}

}  // namespace changebank::http
