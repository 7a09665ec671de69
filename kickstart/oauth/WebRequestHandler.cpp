#include "kickstart/oauth/WebRequestHandler.h"

#include "kickstart/ApiRequest.h"
#include "kickstart/RequestParts.h"
#include "security/CrossSiteCheck.h"

namespace changebank::kickstart {

namespace {

using Poco::Net::HTTPServerRequest;
using Poco::Net::HTTPServerResponse;

constexpr int payloadTooLarge = 413;

WebAnswer answerTo(HTTPServerRequest& request, const std::string& path, std::string_view query,
                   std::size_t maxBodyBytes, OAuthServer& server) {
    const auto body = readBody(request, maxBodyBytes);
    if (!body) return WebAnswer::empty(payloadTooLarge);
    const bool isForm = request.getContentType().starts_with("application/x-www-form-urlencoded");
    auto parameters = FormData::parse(query);
    auto form = FormData::parse(isForm ? std::string_view(*body) : "");
    if (!parameters || !form) {
        return WebAnswer::refusal(400, {"invalid_request", "unknown",
                                        "The query or the body has a broken escape or too many fields."});
    }
    WebRequest call;
    call.method = request.getMethod() == "HEAD" ? "GET" : request.getMethod();
    call.path = path;
    call.query = std::move(*parameters);
    call.form = std::move(*form);
    call.cookies = cookiesOf(request);
    call.authorization = request.get("Authorization", "");
    call.origin = request.get("Origin", "");
    call.accept = request.get("Accept", "");
    call.isCrossSiteWrite = security::isCrossSiteWrite(request);
    call.clientAddress = request.clientAddress().host().toString();
    call.baseUrl = baseUrlOf(request);
    return server.answer(call);
}

void send(const WebAnswer& answer, HTTPServerResponse& response) {
    response.setStatusAndReason(static_cast<Poco::Net::HTTPResponse::HTTPStatus>(answer.status));
    response.set("Cache-Control", "no-store");
    for (const auto& [name, value] : answer.headers) {
        response.add(name, value);
    }
    response.sendBuffer(answer.body.data(), answer.body.size());
}

}  // namespace

void WebRequestHandler::handleRequest(HTTPServerRequest& request, HTTPServerResponse& response) {
    const auto [path, query] = splitUrl(request.getURI());
    const auto answer = answerAndLog<WebAnswer>(request, path, _log, [&, &path = path, &query = query] {
        return answerTo(request, path, query, _maxBodyBytes, _server);
    });
    send(answer, response);
}

}  // namespace changebank::kickstart
