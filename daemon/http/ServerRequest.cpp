#include "daemon/http/ServerRequest.h"

#include <utility>

namespace changebank::http {

ServerRequest::ServerRequest(const Poco::Net::HTTPServerParams& params,
                             Poco::Net::HTTPServerResponse& response)
    : _params(params), _response(response), _stream(&_buffer) {}

std::istream& ServerRequest::stream() {
    if (!_streaming) {
        _buffer.read(_body);
        _stream.clear();
        _streaming = true;
    }
    return _stream;
}

void ServerRequest::reset(std::shared_ptr<const Endpoints> endpoints, bool secure) {
    clear();
    setMethod({});
    setURI({});
    _endpoints = std::move(endpoints);
    _secure = secure;
    _streaming = false;
    _body.clear();
    _route.clear();
    _subject.clear();
    _refusal.reset();
}

}  // namespace changebank::http
