#include "handlers/LivenessHandler.h"

#include <Poco/Net/HTTPServerResponse.h>

#include "handlers/Answer.h"

namespace changebank::handlers {

void LivenessHandler::handleRequest(Poco::Net::HTTPServerRequest&, Poco::Net::HTTPServerResponse& response) {
    response.set("Cache-Control", "no-store");
    Answer::sendJson(response, R"({"status":"alive"})");
}

}  // namespace changebank::handlers
