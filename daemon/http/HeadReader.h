#pragma once

#include <Poco/Net/HTTPResponse.h>

#include <boost/beast/http/basic_parser.hpp>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "daemon/http/Field.h"
#include "daemon/http/ServerRequest.h"

namespace changebank::http {

/// Reads one whole request head into a request: the grammar by Boost.Beast, and what RFC 9112 and 9110 ask
/// beyond it here. Serves one head, then is thrown away.
class HeadReader : private boost::beast::http::basic_parser<true> {
public:
    using Status = Poco::Net::HTTPResponse::HTTPStatus;

    /// `fields` is room for the fields of one head, so that its memory can be used again.
    HeadReader(ServerRequest& request, std::vector<Field>& fields, std::size_t maxFields);

    /// `head` is from the request line to the empty line, in lines that end in CRLF and are not folded.
    /// Returns false if the request is refused. A target in absolute form has become path and query, and its
    /// authority the Host field (RFC 9112 section 3.2.2).
    bool read(std::string_view head);

    /// After read() returned false.
    Status refusal() const { return _refusal; }

    // After read() returned true.
    bool isChunked() const { return _codings != 0; }
    std::uint64_t contentLength() const { return _contentLength; }
    bool expectsContinue() const { return _expectsContinue && !_isHttp10; }
    bool isHttp10() const { return _isHttp10; }
    bool keepAlive() const { return !_close && (!_isHttp10 || _keepAlive); }

private:
    using Base = boost::beast::http::basic_parser<true>;
    using Error = boost::beast::error_code;
    using Text = boost::beast::string_view;

    void on_request_impl(boost::beast::http::verb verb, Text method, Text target, int version,
                         Error& error) override;
    void on_response_impl(int, Text, int, Error&) override {}
    void on_field_impl(boost::beast::http::field field, Text name, Text value, Error& error) override;
    void on_header_impl(Error& error) override;
    void on_body_init_impl(const boost::optional<std::uint64_t>&, Error&) override {}
    std::size_t on_body_impl(Text body, Error&) override { return body.size(); }
    void on_chunk_header_impl(std::uint64_t, Text, Error&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, Text body, Error&) override { return body.size(); }
    void on_finish_impl(Error&) override {}

    bool parse(std::string_view head);
    void readCoding(Text value, Error& error);
    void refuse(Status status, Error& error);

    ServerRequest& _request;
    std::vector<Field>& _fields;
    std::size_t _maxFields;
    Status _refusal = Status::HTTP_BAD_REQUEST;
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
