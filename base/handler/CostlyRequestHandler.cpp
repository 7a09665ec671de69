#include "changebank/base/handler/CostlyRequestHandler.h"

#include <Poco/Net/HTTPServerRequest.h>

namespace changebank {

void CostlyRequestHandler::handleRequest(Poco::Net::HTTPServerRequest& request,
                                         Poco::Net::HTTPServerResponse& response) {
    find(request)->handleRequest(request, response);
}

}  // namespace changebank
