#include "changebank/handlers/bank/LivenessHandler.h"

#include <Poco/Net/HTTPServerResponse.h>

#include "changebank/handlers/routing/Response.h"

namespace changebank::handlers {

void LivenessHandler::handleRequest(Poco::Net::HTTPServerRequest&, Poco::Net::HTTPServerResponse& response) {
    response.set("Cache-Control", "no-store");
    Response::sendJson(response, R"({"status":"alive"})");
}

}  // namespace changebank::handlers
