#include "handlers/PanicHandler.h"

#include <Poco/Net/HTTPServerResponse.h>

#include "handlers/Answer.h"

namespace changebank::handlers {

void PanicHandler::handleRequest(Poco::Net::HTTPServerRequest&, Poco::Net::HTTPServerResponse& response) {
    Answer::json(Poco::Net::HTTPResponse::HTTP_OK, R"({"message":"We've called the police!"})")
        .send(response);
}

}  // namespace changebank::handlers
