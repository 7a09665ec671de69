#include "changebank/handlers/bank/MeHandler.h"

#include <Poco/Net/HTTPServerResponse.h>

#include <utility>

#include "changebank/handlers/routing/Response.h"

namespace changebank::handlers {

MeHandler::MeHandler(std::shared_ptr<const security::Principal> principal)
    : _principal(std::move(principal)) {}

void MeHandler::handleRequest(Poco::Net::HTTPServerRequest&, Poco::Net::HTTPServerResponse& response) {
    Response::json(Poco::Net::HTTPResponse::HTTP_OK, _principal->claims)
        .with("X-Content-Type-Options", "nosniff")
        .send(response);
}

}  // namespace changebank::handlers
