#pragma once

#include <Poco/Net/HTTPResponse.h>

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "changebank/daemon/http/message/ChunkedBody.h"
#include "changebank/daemon/http/message/Field.h"
#include "changebank/daemon/http/message/HeadScanner.h"
#include "changebank/daemon/http/message/RequestLimits.h"
#include "changebank/daemon/http/message/ServerRequest.h"

namespace changebank::http {

/// Reads one request after the other from a connection's bytes, by RFC 9112 with every MAY of leniency
/// declined. Holds no input of its own: what feed() does not use must be presented again, with more behind
/// it. Not for use by several threads at once.
class RequestParser {
public:
    enum class Stage {
        Head,       ///< The head is not complete.
        Body,       ///< The head is in the request, the body is not complete.
        Complete,   ///< The request is whole.
        ParseError  ///< The request breaks a rule or a limit; parseError() says which answer it gets. The
                    ///< connection's further bytes mean nothing.
    };

    /// `limits` must outlive the parser. They may change between two calls.
    explicit RequestParser(const RequestLimits& limits);

    /// Starts the next request.
    void reset();

    /// Reads on and fills `request`, which must be the same for one request. Returns how many bytes of
    /// `input` were used, which are never those of the next request. Not to be called in the stages Complete
    /// and ParseError.
    std::size_t feed(std::string_view input, ServerRequest& request);

    Stage stage() const { return _stage; }
    /// The status of the answer to a refused request: 400, 413, 414, 417, 421, 431, 501 or 505.
    Poco::Net::HTTPResponse::HTTPStatus parseError() const { return _parseError; }

    /// Known from the stage Body on: whether the client waits for 100 before it sends the body (RFC 9110
    /// section 10.1.1), whether it said that it sends nothing behind this request (RFC 9112 section 9.6),
    /// whether the connection may stay open behind the answer (RFC 9112 section 9.3), whether the client
    /// speaks HTTP/1.0.
    bool expectsContinue() const { return _expectsContinue; }
    bool saysClose() const { return _saysClose; }
    bool keepAlive() const { return _keepAlive; }
    bool isHttp10() const { return _isHttp10; }

private:
    void readHead(std::string_view head, ServerRequest& request);
    std::size_t readBody(std::string_view input, ServerRequest& request);
    std::size_t readChunks(std::string_view input, ServerRequest& request);
    void fail(Poco::Net::HTTPResponse::HTTPStatus status);

    const RequestLimits& _limits;
    HeadScanner _scanner;
    std::vector<Field> _fields;  ///< Of a head that is read right now.
    std::optional<ChunkedBody> _chunks;
    std::size_t _remaining = 0;
    Stage _stage = Stage::Head;
    Poco::Net::HTTPResponse::HTTPStatus _parseError = Poco::Net::HTTPResponse::HTTP_BAD_REQUEST;
    bool _expectsContinue = false;
    bool _saysClose = false;
    bool _keepAlive = false;
    bool _isHttp10 = false;
};

}  // namespace changebank::http
