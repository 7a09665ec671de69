#include "changebank/handlers/routing/CrossOrigin.h"

#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>

#include "changebank/security/guard/UniqueField.h"

namespace changebank::handlers {

namespace {

constexpr const char* exposedFields =
    "Allow, DPoP-Nonce, ETag, RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate, X-Request-Id";

/// Our server takes no Content-Length but digits; what another lets through counts as a body.
bool hasBody(const Poco::Net::HTTPServerRequest& request) {
    using Poco::Net::HTTPMessage;
    return request.has(HTTPMessage::TRANSFER_ENCODING) ||
           request.get(HTTPMessage::CONTENT_LENGTH, "0").find_first_not_of('0') != std::string::npos;
}

}  // namespace

bool allowOrigin(const security::AllowedOrigins& origins, const Poco::Net::HTTPServerRequest& request,
                 Poco::Net::HTTPServerResponse& response) {
    response.set("Vary", "Origin");
    const auto* origin = origins.originOf(request);
    if (origin == nullptr) return false;
    response.set("Access-Control-Allow-Origin", *origin);
    response.set("Access-Control-Allow-Credentials", "true");
    return true;
}

void exposeFields(Poco::Net::HTTPServerResponse& response) {
    response.set("Access-Control-Expose-Headers", exposedFields);
}

std::string preflightedMethod(const Poco::Net::HTTPServerRequest& request) {
    if (request.getMethod() != Poco::Net::HTTPRequest::HTTP_OPTIONS) return {};
    if (request.has("Upgrade") || hasBody(request)) return {};
    return security::uniqueField(request, "Access-Control-Request-Method").value_or(std::string());
}

}  // namespace changebank::handlers
