#include "changebank/base/handler/SuspendedRequestHandler.h"

#include <future>
#include <memory>

namespace changebank {

void SuspendedRequestHandler::handleRequest(Poco::Net::HTTPServerRequest& request,
                                            Poco::Net::HTTPServerResponse& response) {
    const auto event = std::make_shared<std::promise<void>>();
    const auto come = event->get_future();
    if (suspend([event] { event->set_value(); })) come.wait_for(maxWait());
    DeferredRequestHandler::handleRequest(request, response);
}

}  // namespace changebank
