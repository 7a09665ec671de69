#include "changebank/handlers/routing/Route.h"

#include <algorithm>

namespace changebank::handlers {

using Poco::Net::HTTPRequest;
using Poco::Net::HTTPResponse;

namespace {

bool isAmong(const std::vector<std::string>& methods, const std::string& method) {
    return std::find(methods.begin(), methods.end(), method) != methods.end();
}

std::string allowedBy(const std::vector<std::string>& methods) {
    std::string allowed;
    for (const auto& method : methods) {
        if (method == HTTPRequest::HTTP_OPTIONS) continue;
        allowed += method + ", ";
        if (method == HTTPRequest::HTTP_GET) allowed += HTTPRequest::HTTP_HEAD + ", ";
    }
    return allowed + HTTPRequest::HTTP_OPTIONS;
}

}  // namespace

security::AccessRule Route::rule() const {
    const auto* rule = std::get_if<security::AccessRule>(&access);
    return rule != nullptr ? *rule : security::anyPrincipal();
}

std::optional<Response> Route::responseToMethod(const std::string& method) const {
    if (isAmong(methods, method)) return std::nullopt;
    if (method == HTTPRequest::HTTP_HEAD && isAmong(methods, HTTPRequest::HTTP_GET)) return std::nullopt;
    if (method == HTTPRequest::HTTP_OPTIONS) {
        return Response{HTTPResponse::HTTP_NO_CONTENT}.with("Allow", allowedBy(methods));
    }
    return Response::error(HTTPResponse::HTTP_METHOD_NOT_ALLOWED, "Method not allowed")
        .with("Allow", allowedBy(methods));
}

}  // namespace changebank::handlers
