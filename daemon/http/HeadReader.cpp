#include "daemon/http/HeadReader.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <charconv>
#include <limits>
#include <string>

#include "daemon/http/RequestTarget.h"

namespace changebank::http {

namespace {

namespace beast = boost::beast;
using beast::http::field;

std::string_view view(beast::string_view text) {
    return {text.data(), text.size()};
}

/// Path and query of an absolute form. One without either means the server as a whole where the method is
/// OPTIONS (RFC 9110 section 7.1).
std::string inOriginForm(const RequestTarget& target, std::string_view method) {
    if (!target.path.empty()) return std::string(target.path).append(target.query);
    return target.query.empty() && method == "OPTIONS" ? "*" : std::string("/").append(target.query);
}

/// The request line's version, if it has the form of one: "HTTP/" DIGIT "." DIGIT. Nothing else otherwise.
std::string_view versionOf(std::string_view head) {
    constexpr std::size_t length = 8;
    const auto line = head.substr(0, head.find("\r\n"));
    if (line.size() <= length || line[line.size() - length - 1] != ' ') return {};
    const auto version = line.substr(line.size() - length);
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    if (version.substr(0, 5) != "HTTP/" || version[6] != '.' || !isDigit(version[5]) || !isDigit(version[7]))
        return {};
    return version;
}

}  // namespace

HeadReader::HeadReader(ServerRequest& request, std::vector<Field>& fields, std::size_t maxFields)
    : _request(request), _fields(fields), _maxFields(maxFields) {
    _fields.clear();
}

bool HeadReader::read(std::string_view head) {
    const auto version = versionOf(head);
    if (version.empty()) return false;
    if (version[5] != '1') {
        _refusal = Status::HTTP_VERSION_NOT_SUPPORTED;
        return false;
    }
    if (version[7] > '1') {
        // RFC 9110 section 2.5: a later minor version is served as the latest known one. Beast knows no such
        // thing.
        std::string known(head);
        known[static_cast<std::size_t>(&version[7] - head.data())] = '1';
        return parse(known);
    }
    return parse(head);
}

bool HeadReader::parse(std::string_view head) {
    Error error;
    skip(true);
    header_limit(std::numeric_limits<std::uint32_t>::max());
    const auto used = put(boost::asio::const_buffer(head.data(), head.size()), error);
    if (error || used != head.size() || !is_header_done()) return false;
    _request.setFields(_fields);
    return true;
}

void HeadReader::on_request_impl(beast::http::verb, Text method, Text text, int version, Error& error) {
    _isHttp10 = version == 10;
    const auto target = RequestTarget::parse(view(method), view(text));
    if (!target) return refuse(Status::HTTP_BAD_REQUEST, error);
    if (target->form == RequestTarget::Form::Authority) return refuse(Status::HTTP_NOT_IMPLEMENTED, error);
    // RFC 9110 section 7.4: what is for a secured connection alone is not answered on another one.
    if (target->isHttps && !_request.secure()) return refuse(Status::HTTP_MISDIRECTED_REQUEST, error);
    _request.setVersion(_isHttp10 ? ServerRequest::HTTP_1_0 : ServerRequest::HTTP_1_1);
    if (target->form != RequestTarget::Form::Absolute) return _request.setLine(view(method), view(text));
    _hasTargetAuthority = true;
    _fields.push_back({"Host", target->authority});
    _request.setLine(view(method), inOriginForm(*target, view(method)));
}

void HeadReader::on_field_impl(field name, Text nameText, Text value, Error& error) {
    if (++_lines > _maxFields) return refuse(Status::HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE, error);
    switch (name) {
        case field::host:
            if (++_hosts > 1 || !isHostAndPort(view(value))) return refuse(Status::HTTP_BAD_REQUEST, error);
            if (_hasTargetAuthority) return;
            break;
        case field::content_length:
            if (++_lengths > 1 || view(value).find(',') != std::string_view::npos)
                return refuse(Status::HTTP_BAD_REQUEST, error);
            // Beast has seen to it that these are digits and no more than fit.
            std::from_chars(value.data(), value.data() + value.size(), _contentLength);
            break;
        case field::transfer_encoding:
            readCoding(value, error);
            break;
        case field::connection: {
            beast::http::token_list options{value};
            _close = _close || options.exists("close");
            _keepAlive = _keepAlive || options.exists("keep-alive");
            break;
        }
        case field::expect:
            if (!beast::iequals(value, "100-continue")) return refuse(Status::HTTP_EXPECTATION_FAILED, error);
            _expectsContinue = true;
            break;
        default:
            break;
    }
    if (!error) _fields.push_back({view(nameText), view(value)});
}

/// RFC 9112 section 6.1: the one coding that is known is chunked, and nothing may come behind it.
void HeadReader::readCoding(Text value, Error& error) {
    if (_isHttp10 || ++_codings > 1) return refuse(Status::HTTP_BAD_REQUEST, error);
    if (beast::iequals(value, "chunked")) return;
    const auto text = view(value);
    const auto last = text.substr(text.rfind(',') + 1);
    const auto start = last.find_first_not_of(" \t");
    const auto coding = start == std::string_view::npos ? std::string_view{} : last.substr(start);
    const bool endsInChunked = beast::iequals({coding.data(), coding.size()}, "chunked");
    const beast::http::token_list codings{value};
    const auto times = std::count_if(codings.begin(), codings.end(), [](const beast::string_view& name) {
        return beast::iequals(name, "chunked");
    });
    refuse(endsInChunked && times == 1 ? Status::HTTP_NOT_IMPLEMENTED : Status::HTTP_BAD_REQUEST, error);
}

void HeadReader::on_header_impl(Error& error) {
    if (_lengths != 0 && _codings != 0) return refuse(Status::HTTP_BAD_REQUEST, error);
    if (_hosts == 0 && !_isHttp10) refuse(Status::HTTP_BAD_REQUEST, error);
}

void HeadReader::refuse(Status status, Error& error) {
    _refusal = status;
    error = beast::http::error::bad_field;
}

}  // namespace changebank::http
