#include "changebank/handlers/bank/ReadinessHandler.h"

#include <Poco/Net/HTTPServerResponse.h>

#include "changebank/handlers/routing/Response.h"
#include "changebank/security/refusal/Refusal.h"

namespace changebank::handlers {

using Poco::Net::HTTPResponse;

namespace {

Response readiness(const security::KeySource& source, bool isStopping) {
    if (isStopping) return Response::error(HTTPResponse::HTTP_SERVICE_UNAVAILABLE, "the server is stopping");
    const auto snapshot = source.current();
    if (snapshot->keys) return Response::json(HTTPResponse::HTTP_OK, R"({"status":"ready"})");
    return Response::json(HTTPResponse::HTTP_SERVICE_UNAVAILABLE, security::Refusal{snapshot->cause}.body())
        .with("Retry-After", std::to_string(source.retryAfter().count()));
}

}  // namespace

ReadinessHandler::ReadinessHandler(std::shared_ptr<const security::TokenValidator> validator, bool isStopping)
    : _validator(std::move(validator)), _isStopping(isStopping) {}

void ReadinessHandler::handleRequest(Poco::Net::HTTPServerRequest&, Poco::Net::HTTPServerResponse& response) {
    readiness(*_validator->issuers().front().keys, _isStopping)
        .with("Cache-Control", "no-store")
        .send(response);
}

}  // namespace changebank::handlers
