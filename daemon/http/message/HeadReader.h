#pragma once

#include <Poco/Net/HTTPResponse.h>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "changebank/daemon/http/message/Field.h"
#include "changebank/daemon/http/message/ServerRequest.h"

namespace changebank::http {

/// Parses one complete request head into a request; fails where RFC 9112 or 9110 forbids a server to accept
/// it. Use an object for one head.
class HeadReader {
public:
    using Status = Poco::Net::HTTPResponse::HTTPStatus;

    /// `fields` is scratch memory, so that callers can reuse it.
    HeadReader(ServerRequest& request, std::vector<Field>& fields, std::size_t maxFields);

    /// `head` is from the request line to the empty line, in lines that end in CRLF and are not folded.
    /// Returns false on a parse error. Of a target in absolute form the request gets path and query, and its
    /// Host field the authority (RFC 9112 section 3.2.2).
    bool read(std::string_view head);

    /// Gives the request the valid fields of a head that is refused or incomplete, and ignores what they
    /// mean.
    void readFields(std::string_view head);

    /// The status to respond with, after read() returned false.
    Status parseError() const { return _parseError; }

    // After read() returned true.
    bool isChunked() const { return _codings != 0; }
    std::uint64_t contentLength() const { return _contentLength; }
    bool expectsContinue() const { return _expectsContinue && !_isHttp10; }
    bool isHttp10() const { return _isHttp10; }
    bool saysClose() const { return _close; }
    bool keepAlive() const { return !_close && (!_isHttp10 || _keepAlive); }

private:
    bool readRequestLine(std::string_view line);
    bool readVersion(std::string_view version);
    bool readTarget(std::string_view method, std::string_view text);
    bool readField(std::string_view line);
    bool readMeaning(const Field& field);
    bool readHost(std::string_view value);
    bool readLength(std::string_view value);
    bool readCoding(std::string_view value);
    bool readOptions(std::string_view value);
    bool readExpectation(std::string_view value);
    bool isWhole();
    bool fail(Status status);

    ServerRequest& _request;
    std::vector<Field>& _fields;
    std::size_t _maxFields;
    Status _parseError = Status::HTTP_BAD_REQUEST;
    std::uint64_t _contentLength = 0;
    std::size_t _lines = 0;
    unsigned _hosts = 0;
    unsigned _lengths = 0;
    unsigned _codings = 0;
    bool _hasTargetAuthority = false;
    bool _expectsContinue = false;
    bool _isHttp10 = false;
    bool _close = false;
    bool _keepAlive = false;
};

}  // namespace changebank::http
