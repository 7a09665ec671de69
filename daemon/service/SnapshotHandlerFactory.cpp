#include "changebank/daemon/service/SnapshotHandlerFactory.h"

#include <Poco/Net/HTTPRequestHandler.h>

namespace changebank::daemon {

namespace {

using Factory = Poco::Net::HTTPRequestHandlerFactory;

/// Wraps POCO's pointer, which it keeps alive, in one that can be replaced atomically.
std::shared_ptr<Factory> shared(Factory::Ptr factory) {
    auto* raw = factory.get();
    return {raw, [kept = std::move(factory)](Factory*) {}};
}

}  // namespace

SnapshotHandlerFactory::SnapshotHandlerFactory(Factory::Ptr first) : _serving(shared(std::move(first))) {}

void SnapshotHandlerFactory::replace(Factory::Ptr next) {
    _serving.store(shared(std::move(next)));
}

Poco::Net::HTTPRequestHandler* SnapshotHandlerFactory::createRequestHandler(
    const Poco::Net::HTTPServerRequest& request) {
    return _serving.load()->createRequestHandler(request);
}

void SnapshotHandlerFactory::completeError(const Poco::Net::HTTPServerRequest& request,
                                           Poco::Net::HTTPServerResponse& response) {
    const auto factory = _serving.load();
    if (auto* responder = dynamic_cast<ErrorResponder*>(&*factory); responder != nullptr)
        responder->completeError(request, response);
}

}  // namespace changebank::daemon
