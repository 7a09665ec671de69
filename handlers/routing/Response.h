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

/// An answer as a value: the one place from which handlers write. Header values must be free of CR, LF and
/// NUL; none is ever taken from a request.
struct Response {
    using Header = std::pair<std::string, std::string>;

    Poco::Net::HTTPResponse::HTTPStatus status;
    /// Empty for an answer without content.
    std::string contentType{};
    std::string body{};
    std::vector<Header> headers{};

    /// `body` is one JSON text.
    static Response json(Poco::Net::HTTPResponse::HTTPStatus status, std::string body);

    /// `{"error":MESSAGE}`
    static Response error(Poco::Net::HTTPResponse::HTTPStatus status, std::string_view message);

    /// The same answer with one more header.
    Response with(std::string name, std::string value) &&;

    /// Sends one JSON text with status 200, without making an answer of it first.
    static void sendJson(Poco::Net::HTTPServerResponse& response, std::string_view body);

    /// Sends the answer; to HEAD the server sends the same without the body (RFC 9110 section 9.3.2).
    void send(Poco::Net::HTTPServerResponse& response) const;
};

}  // namespace changebank::handlers
