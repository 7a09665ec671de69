#pragma once

#include <Poco/Net/HTTPResponse.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace Poco::Net {
class HTTPServerResponse;
}

namespace changebank::handlers {

/// A response as a value. Handlers send all responses through it. Header values must not contain CR, LF or
/// NUL; none is ever taken from a request.
struct Response {
    using Header = std::pair<std::string, std::string>;

    Poco::Net::HTTPResponse::HTTPStatus status;
    /// Empty for a response without content.
    std::string contentType{};
    std::string body{};
    std::vector<Header> headers{};

    /// `body` must be one JSON text.
    static Response json(Poco::Net::HTTPResponse::HTTPStatus status, std::string body);

    /// `{"error":MESSAGE}`
    static Response error(Poco::Net::HTTPResponse::HTTPStatus status, std::string_view message);

    /// The same response with one more header.
    Response with(std::string name, std::string value) &&;

    /// Sends one JSON text with status 200, without building a Response first.
    static void sendJson(Poco::Net::HTTPServerResponse& response, std::string_view body);

    /// Sets status and fields; a Vary adds to the one that is there.
    void setHead(Poco::Net::HTTPServerResponse& response) const;

    /// Sends the response. For HEAD the server omits the body (RFC 9110 section 9.3.2).
    void send(Poco::Net::HTTPServerResponse& response) const;
};

}  // namespace changebank::handlers
