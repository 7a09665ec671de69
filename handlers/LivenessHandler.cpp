#include "handlers/LivenessHandler.h"

#include <Poco/Net/HTTPServerResponse.h>

#include "handlers/Answer.h"

namespace changebank::handlers {

void LivenessHandler::handleRequest(Poco::Net::HTTPServerRequest&, Poco::Net::HTTPServerResponse& response) {
    Answer::json(Poco::Net::HTTPResponse::HTTP_OK, R"({"status":"alive"})")
        .with("Cache-Control", "no-store")
        .send(response);
}

}  // namespace changebank::handlers
