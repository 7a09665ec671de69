#include "changebank/daemon/http/message/RequestParser.h"

#include "changebank/daemon/http/message/HeadReader.h"

namespace changebank::http {

using Status = Poco::Net::HTTPResponse::HTTPStatus;

namespace {

/// Of a node of POCO's collection, besides the text.
constexpr std::size_t memoryOfField = 128;

}  // namespace

RequestParser::RequestParser(const RequestLimits& limits) : _limits(limits) {}

void RequestParser::reset() {
    _scanner = {};
    _chunks.reset();
    _remaining = 0;
    _headMemory = 0;
    _stage = Stage::Head;
    _expectsContinue = false;
    _saysClose = false;
    _keepAlive = false;
    _isHttp10 = false;
}

std::size_t RequestParser::feed(std::string_view input, ServerRequest& request) {
    if (_stage == Stage::Body) return readBody(input, request);

    const auto result = _scanner.scan(input);
    const auto end = result == HeadScanner::Result::Complete ? _scanner.end() : input.size();
    const auto lineEnd = _scanner.hasRequestLine() ? _scanner.requestLineEnd() : end;
    if (result == HeadScanner::Result::Malformed) {
        fail(Status::HTTP_BAD_REQUEST);
    } else if (lineEnd - _scanner.start() > _limits.maxHeaderBytes) {
        fail(Status::HTTP_REQUEST_URI_TOO_LONG);
    } else if (end - _scanner.start() > _limits.maxHeaderBytes) {
        fail(Status::HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE);
    }
    if (_stage == Stage::ParseError) salvageFields(input, request);
    if (_stage == Stage::ParseError || result == HeadScanner::Result::Incomplete) return 0;

    readHead(input.substr(_scanner.start(), end - _scanner.start()), request);
    return _stage == Stage::Body ? end + readBody(input.substr(end), request) : end;
}

void RequestParser::readHead(std::string_view head, ServerRequest& request) {
    HeadReader reader(request, _fields, _limits.maxHeaderFields);
    if (!reader.read(head)) {
        fail(reader.parseError());
        return salvageFields(head, request);
    }
    _headMemory = head.size() + _fields.size() * memoryOfField;
    _isHttp10 = reader.isHttp10();
    _saysClose = reader.saysClose();
    _keepAlive = reader.keepAlive();
    _expectsContinue = reader.expectsContinue();
    if (reader.isChunked()) {
        _chunks.emplace(_limits.maxBodyBytes, _limits.maxChunkOverheadBytes);
        _stage = Stage::Body;
        return;
    }
    if (reader.contentLength() > _limits.maxBodyBytes) return fail(Status::HTTP_REQUEST_ENTITY_TOO_LARGE);
    _remaining = static_cast<std::size_t>(reader.contentLength());
    _stage = _remaining == 0 ? Stage::Complete : Stage::Body;
}

std::size_t RequestParser::readBody(std::string_view input, ServerRequest& request) {
    if (_chunks) return readChunks(input, request);
    const auto part = input.substr(0, _remaining);
    request.body().append(part);
    _remaining -= part.size();
    if (_remaining == 0) _stage = Stage::Complete;
    return part.size();
}

std::size_t RequestParser::readChunks(std::string_view input, ServerRequest& request) {
    const auto used = _chunks->decode(input, request.body());
    switch (_chunks->progress()) {
        case ChunkedBody::Progress::More:
            break;
        case ChunkedBody::Progress::Done:
            _stage = Stage::Complete;
            break;
        case ChunkedBody::Progress::Malformed:
            fail(Status::HTTP_BAD_REQUEST);
            break;
        case ChunkedBody::Progress::BodyTooLarge:
            fail(Status::HTTP_REQUEST_ENTITY_TOO_LARGE);
            break;
        case ChunkedBody::Progress::OverheadTooLarge:
            fail(Status::HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE);
            break;
    }
    return used;
}

void RequestParser::salvageFields(std::string_view input, ServerRequest& request) {
    HeadReader(request, _fields, _limits.maxHeaderFields).readFields(input.substr(_scanner.start()));
}

void RequestParser::fail(Status status) {
    _parseError = status;
    _stage = Stage::ParseError;
}

}  // namespace changebank::http
