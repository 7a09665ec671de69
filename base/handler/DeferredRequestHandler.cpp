#include "changebank/base/handler/DeferredRequestHandler.h"

#include <Poco/Net/HTTPServerRequest.h>

namespace changebank {

void DeferredRequestHandler::handleRequest(Poco::Net::HTTPServerRequest& request,
                                           Poco::Net::HTTPServerResponse& response) {
    resolve(request)->handleRequest(request, response);
}

}  // namespace changebank
