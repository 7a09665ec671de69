#include "changebank/daemon/http/loop/Exchange.h"

#include <Poco/ErrorHandler.h>

#include "changebank/base/handler/DeferredRequestHandler.h"
#include "changebank/base/handler/SuspendedRequestHandler.h"

namespace changebank::http {

Exchange::Exchange(ServerContext& server, const ServerLimits& limits)
    : parser(limits), request(*server.params, response), _server(server) {}

void Exchange::createHandler() {
    guarded([this] {
        _handler.reset(_server.factory->createRequestHandler(request));
        if (!_handler) setError(ServerResponse::HTTP_NOT_IMPLEMENTED);
    });
}

bool Exchange::isDeferred() const {
    return dynamic_cast<const DeferredRequestHandler*>(_handler.get()) != nullptr;
}

void Exchange::resolveHandler() {
    const auto deferred = std::move(_handler);
    if (!deferred) return;
    guarded([&] { _handler = dynamic_cast<DeferredRequestHandler&>(*deferred).resolve(request); });
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

void Exchange::handle() {
    if (!_handler) return;
    guarded([this] { _handler->handleRequest(request, response); });
    _handler.reset();
}

void Exchange::setError(ServerResponse::HTTPStatus status) {
    response.replaceBy(status);
}

template <typename Call>
bool Exchange::guarded(Call call) {
    try {
        call();
        return true;
    } catch (const Poco::Exception& error) {
        Poco::ErrorHandler::handle(error);
    } catch (const std::exception& error) {
        Poco::ErrorHandler::handle(error);
    } catch (...) {
        Poco::ErrorHandler::handle();
    }
    setError(ServerResponse::HTTP_INTERNAL_SERVER_ERROR);
    return false;
}

}  // namespace changebank::http
