#include "security/CostlyRequestHandler.h"

#include <Poco/Net/HTTPServerRequest.h>

namespace changebank::security {

void CostlyRequestHandler::handleRequest(Poco::Net::HTTPServerRequest& request,
                                         Poco::Net::HTTPServerResponse& response) {
    find(request)->handleRequest(request, response);
}

}  // namespace changebank::security
