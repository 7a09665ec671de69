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

/// Strict incremental parser of a connection's requests (RFC 9112, without the optional leniency). Does not
/// buffer input: pass the bytes that feed() does not use again, followed by more. Used by one thread at a
/// time.
class RequestParser {
public:
    enum class Stage {
        Head,       ///< The head is incomplete.
        Body,       ///< The head is parsed, the body is incomplete.
        Complete,   ///< The request is complete.
        ParseError  ///< The request violates the syntax or a limit; parseError() is the status to respond
                    ///< with. The connection's further bytes are meaningless.
    };

    /// `limits` must outlive the parser and may change between calls.
    explicit RequestParser(const RequestLimits& limits);

    /// Prepares for the next request.
    void reset();

    /// Parses further and fills `request`, which must be the same object for one request. Returns how many
    /// bytes of `input` were used, which never include the next request. Do not call in the stages Complete
    /// and ParseError.
    std::size_t feed(std::string_view input, ServerRequest& request);

    /// Gives the request the fields of an incomplete head that are complete and valid; others are left out.
    /// For a response to a request that will never be complete. feed() does it after a parse error.
    void salvageFields(std::string_view input, ServerRequest& request);

    Stage stage() const { return _stage; }
    /// Whether the head is complete and valid, also after an error behind it: the request has all its fields.
    bool hasHead() const { return _headMemory != 0; }
    /// In the stage ParseError the status to respond with: 400, 413, 414, 417, 421, 431, 501 or 505.
    Poco::Net::HTTPResponse::HTTPStatus parseError() const { return _parseError; }

    /// Valid from the stage Body on: whether the client waits for 100 before it sends the body (RFC 9110
    /// section 10.1.1), whether it sent Connection: close (RFC 9112 section 9.6), whether the connection may
    /// stay open after the response (RFC 9112 section 9.3), whether the client speaks HTTP/1.0.
    bool expectsContinue() const { return _expectsContinue; }
    bool saysClose() const { return _saysClose; }
    bool keepAlive() const { return _keepAlive; }
    bool isHttp10() const { return _isHttp10; }

    /// An estimate of the bytes that the request's fields occupy.
    std::size_t headMemory() const { return _headMemory; }

private:
    void readHead(std::string_view head, ServerRequest& request);
    std::size_t readBody(std::string_view input, ServerRequest& request);
    std::size_t readChunks(std::string_view input, ServerRequest& request);
    void fail(Poco::Net::HTTPResponse::HTTPStatus status);

    const RequestLimits& _limits;
    HeadScanner _scanner;
    std::vector<Field> _fields;  ///< Scratch memory for parsing a head.
    std::optional<ChunkedBody> _chunks;
    std::size_t _remaining = 0;
    std::size_t _headMemory = 0;
    Stage _stage = Stage::Head;
    Poco::Net::HTTPResponse::HTTPStatus _parseError = Poco::Net::HTTPResponse::HTTP_BAD_REQUEST;
    bool _expectsContinue = false;
    bool _saysClose = false;
    bool _keepAlive = false;
    bool _isHttp10 = false;
};

}  // namespace changebank::http
