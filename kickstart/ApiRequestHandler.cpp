#include "kickstart/ApiRequestHandler.h"

#include "kickstart/RequestParts.h"

namespace changebank::kickstart {

namespace {

using Poco::Net::HTTPServerRequest;
using Poco::Net::HTTPServerResponse;

constexpr int payloadTooLarge = 413;
constexpr int unsupportedMediaType = 415;

std::optional<std::string> headerOf(const HTTPServerRequest& request, const std::string& name) {
    if (!request.has(name)) return std::nullopt;
    return request.get(name);
}

ApiAnswer answerTo(HTTPServerRequest& request, const std::string& path, std::string_view query,
                   std::size_t maxBodyBytes, const ApiRouter& apis) {
    auto body = readBody(request, maxBodyBytes);
    if (!body) return ApiAnswer::empty(payloadTooLarge);
    // A form of another site can send text/plain to a server on this machine, but never JSON.
    const auto& type = request.getContentType();
    if (!body->empty() && !type.starts_with("application/json") &&
        !type.starts_with("application/merge-patch+json")) {
        return ApiAnswer::empty(unsupportedMediaType);
    }
    ApiRequest call;
    call.method = request.getMethod() == "HEAD" ? "GET" : request.getMethod();
    call.path = path;
    call.body = std::move(*body);
    call.apiKey = headerOf(request, "Authorization");
    call.tenantId = headerOf(request, "X-FusionAuth-TenantId");
    call.origin = baseUrlOf(request);
    auto parameters = parseQuery(query);
    if (!parameters) return ApiAnswer::empty(400);
    call.parameters = std::move(*parameters);
    call.cookies = cookiesOf(request);
    return apis.answer(call);
}

void send(const ApiAnswer& answer, HTTPServerResponse& response) {
    response.setStatusAndReason(static_cast<Poco::Net::HTTPResponse::HTTPStatus>(answer.status));
    response.set("Cache-Control", "no-store");
    if (!answer.allow.empty()) response.set("Allow", answer.allow);
    for (const auto& cookie : answer.cookies) {
        response.add("Set-Cookie", cookie);
    }
    const std::string text = answer.body ? answer.body->toText() : "";
    if (answer.body) response.setContentType("application/json;charset=UTF-8");
    response.sendBuffer(text.data(), text.size());
}

}  // namespace

void ApiRequestHandler::handleRequest(HTTPServerRequest& request, HTTPServerResponse& response) {
    const auto [path, query] = splitUrl(request.getURI());
    const auto answer = answerAndLog<ApiAnswer>(request, path, _log, [&, &path = path, &query = query] {
        return answerTo(request, path, query, _maxBodyBytes, _apis);
    });
    send(answer, response);
}

}  // namespace changebank::kickstart
