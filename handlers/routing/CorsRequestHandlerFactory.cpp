#include "changebank/handlers/routing/CorsRequestHandlerFactory.h"

#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>

#include <utility>

#include "changebank/handlers/routing/RequestTarget.h"
#include "changebank/handlers/routing/ResponseHandler.h"

namespace changebank::handlers {

using Poco::Net::HTTPRequest;
using Poco::Net::HTTPResponse;

namespace {

constexpr const char* allowedHeaders = "Authorization, Content-Type, DPoP, X-Request-Id";
/// The response fields that a page may read, besides the safelisted ones.
constexpr const char* exposedHeaders = "Allow, DPoP-Nonce, ETag, Retry-After, WWW-Authenticate, X-Request-Id";
/// How long a browser may cache a preflight, in seconds.
constexpr const char* preflightAge = "600";

std::string joined(const std::vector<std::string>& methods) {
    std::string text;
    for (const auto& method : methods)
        text += (text.empty() ? "" : ", ") + method;
    return text;
}

bool isPreflight(const HTTPRequest& request) {
    return request.getMethod() == HTTPRequest::HTTP_OPTIONS && request.has("Access-Control-Request-Method");
}

}  // namespace

CorsRequestHandlerFactory::CorsRequestHandlerFactory(security::AllowedOrigins origins,
                                                     const std::vector<std::string>& methods,
                                                     Poco::Net::HTTPRequestHandlerFactory::Ptr next,
                                                     std::string openPath)
    : _origins(std::move(origins)),
      _methods(joined(methods)),
      _next(std::move(next)),
      _openPath(std::move(openPath)) {}

Poco::Net::HTTPRequestHandler* CorsRequestHandlerFactory::createRequestHandler(
    const Poco::Net::HTTPServerRequest& request) {
    auto& response = request.response();
    if (!allowOrigin(request, response)) return _next->createRequestHandler(request);
    if (isPreflight(request) && !isOpen(request)) {
        return new ResponseHandler(Response{HTTPResponse::HTTP_NO_CONTENT}
                                       .with("Access-Control-Allow-Methods", _methods)
                                       .with("Access-Control-Allow-Headers", allowedHeaders)
                                       .with("Access-Control-Max-Age", preflightAge));
    }
    response.set("Access-Control-Expose-Headers", exposedHeaders);
    return _next->createRequestHandler(request);
}

void CorsRequestHandlerFactory::completeError(const Poco::Net::HTTPServerRequest& request,
                                              Poco::Net::HTTPServerResponse& response) {
    if (allowOrigin(request, response)) response.set("Access-Control-Expose-Headers", exposedHeaders);
    if (auto* next = dynamic_cast<ErrorResponder*>(_next.get()); next != nullptr)
        next->completeError(request, response);
}

bool CorsRequestHandlerFactory::isOpen(const Poco::Net::HTTPServerRequest& request) const {
    return !_openPath.empty() && RequestTarget::of(request).path.starts_with(_openPath);
}

/// Returns whether the request comes from a page of an allowed origin.
bool CorsRequestHandlerFactory::allowOrigin(const Poco::Net::HTTPServerRequest& request,
                                            Poco::Net::HTTPServerResponse& response) const {
    response.set("Vary", "Origin");
    const auto* origin = _origins.originOf(request);
    if (origin == nullptr) return false;
    response.set("Access-Control-Allow-Origin", *origin);
    response.set("Access-Control-Allow-Credentials", "true");
    return true;
}

}  // namespace changebank::handlers
