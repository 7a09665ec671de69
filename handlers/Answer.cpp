#include "handlers/Answer.h"

#include <Poco/Net/HTTPServerResponse.h>

#include "security/Json.h"

namespace changebank::handlers {

using Poco::Net::HTTPResponse;

Answer Answer::json(HTTPResponse::HTTPStatus status, std::string body) {
    return Answer{status, "application/json; charset=utf-8", std::move(body)};
}

Answer Answer::error(HTTPResponse::HTTPStatus status, std::string_view message) {
    return json(status, "{\"error\":" + security::quoteJson(message) + "}");
}

Answer Answer::with(std::string name, std::string value) && {
    headers.emplace_back(std::move(name), std::move(value));
    return std::move(*this);
}

void Answer::send(Poco::Net::HTTPServerResponse& response) const {
    response.setStatusAndReason(status);
    if (!contentType.empty()) response.setContentType(contentType);
    for (const auto& [name, value] : headers)
        response.set(name, value);
    response.sendBuffer(body.data(), body.size());
}

}  // namespace changebank::handlers
