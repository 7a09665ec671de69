#include "changebank/handlers/routing/CorsRequestHandlerFactory.h"

#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>

#include <utility>

#include "changebank/handlers/routing/CrossOrigin.h"
#include "changebank/handlers/routing/RequestTarget.h"
#include "changebank/handlers/routing/ResponseHandler.h"

namespace changebank::handlers {

using Poco::Net::HTTPResponse;

namespace {

constexpr const char* allowedHeaders =
    "Authorization, Content-Type, DPoP, X-Request-Id, traceparent, tracestate";
/// How long a browser may cache a preflight, in seconds.
constexpr const char* preflightAge = "600";

std::string joined(const std::vector<std::string>& methods) {
    std::string text;
    for (const auto& method : methods)
        text += (text.empty() ? "" : ", ") + method;
    return text;
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
    if (!allowOrigin(_origins, request, response)) return _next->createRequestHandler(request);
    if (!preflightedMethod(request).empty() && !isOpen(request)) {
        return new ResponseHandler(Response{HTTPResponse::HTTP_NO_CONTENT}
                                       .with("Access-Control-Allow-Methods", _methods)
                                       .with("Access-Control-Allow-Headers", allowedHeaders)
                                       .with("Access-Control-Max-Age", preflightAge));
    }
    exposeFields(response);
    return _next->createRequestHandler(request);
}

void CorsRequestHandlerFactory::completeError(const Poco::Net::HTTPServerRequest& request,
                                              Poco::Net::HTTPServerResponse& response) {
    if (allowOrigin(_origins, request, response)) exposeFields(response);
    if (auto* next = dynamic_cast<ErrorResponder*>(_next.get()); next != nullptr)
        next->completeError(request, response);
}

bool CorsRequestHandlerFactory::isOpen(const Poco::Net::HTTPServerRequest& request) const {
    return !_openPath.empty() && RequestTarget::of(request).path.starts_with(_openPath);
}

}  // namespace changebank::handlers
