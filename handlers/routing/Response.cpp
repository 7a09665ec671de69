#include "changebank/handlers/routing/Response.h"

#include <Poco/Net/HTTPServerResponse.h>

#include "changebank/base/text/Json.h"

namespace changebank::handlers {

using Poco::Net::HTTPResponse;

namespace {

const std::string jsonType = "application/json; charset=utf-8";

/// What the response depends on adds up: CORS has named the origin already.
void addVary(Poco::Net::HTTPServerResponse& response, const std::string& value) {
    const auto before = response.get("Vary", "");
    response.set("Vary", before.empty() ? value : before + ", " + value);
}

}  // namespace

Response Response::json(HTTPResponse::HTTPStatus status, std::string body) {
    return Response{status, jsonType, std::move(body)};
}

Response Response::error(HTTPResponse::HTTPStatus status, std::string_view message) {
    return json(status, "{\"error\":" + quoteJson(message) + "}");
}

Response Response::with(std::string name, std::string value) && {
    headers.emplace_back(std::move(name), std::move(value));
    return std::move(*this);
}

void Response::sendJson(Poco::Net::HTTPServerResponse& response, std::string_view body) {
    response.setStatusAndReason(HTTPResponse::HTTP_OK);
    response.setContentType(jsonType);
    response.sendBuffer(body.data(), body.size());
}

void Response::setHead(Poco::Net::HTTPServerResponse& response) const {
    response.setStatusAndReason(status);
    if (!contentType.empty()) response.setContentType(contentType);
    for (const auto& [name, value] : headers)
        name == "Vary" ? addVary(response, value) : response.set(name, value);
}

void Response::send(Poco::Net::HTTPServerResponse& response) const {
    setHead(response);
    response.sendBuffer(body.data(), body.size());
}

}  // namespace changebank::handlers
