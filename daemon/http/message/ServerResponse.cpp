#include "changebank/daemon/http/message/ServerResponse.h"

#include <Poco/Exception.h>
#include <Poco/File.h>
#include <Poco/FileStream.h>
#include <Poco/StreamCopier.h>

#include <utility>

namespace changebank::http {

ServerResponse::ServerResponse() : _buffer(_body), _stream(&_buffer) {
    reset();
}

std::ostream& ServerResponse::send() {
    beginSending();
    return _stream;
}

void ServerResponse::sendFile(const std::string& path, const std::string& mediaType) {
    const Poco::File file(path);
    if (!file.exists()) throw Poco::FileNotFoundException(path);
    Poco::FileInputStream content(path, std::ios::in | std::ios::binary);
    beginSending();
    setDate(file.getLastModified());
    setContentType(mediaType);
    Poco::StreamCopier::copyStream(content, _stream);
    setContentLength64(static_cast<Poco::Int64>(_body.size()));
}

void ServerResponse::sendBuffer(const void* buffer, std::size_t length) {
    beginSending();
    _body.assign(static_cast<const char*>(buffer), length);
}

void ServerResponse::sendShared(std::shared_ptr<const std::string> body) {
    beginSending();
    _shared = std::move(body);
}

void ServerResponse::redirect(const std::string& uri, HTTPStatus status) {
    beginSending();
    setStatusAndReason(status);
    set("Location", uri);
}

void ServerResponse::requireAuthentication(const std::string& realm) {
    setStatusAndReason(HTTP_UNAUTHORIZED);
    set("WWW-Authenticate", "Basic realm=\"" + realm + "\"");
}

void ServerResponse::reset() {
    clear();
    setVersion(HTTP_1_1);
    setStatus(HTTP_OK);
    setReason({});
    _sent = false;
    _isServersOwn = false;
    _shared.reset();
    _body.clear();
    _stream.clear();
}

void ServerResponse::replaceBy(HTTPStatus status) noexcept {
    reset();
    setStatus(status);
    _isServersOwn = true;
}

void ServerResponse::beginSending() {
    if (_sent) throw Poco::IllegalStateException("a response to this request was sent already");
    _sent = true;
}

ServerResponse::BodyBuffer::int_type ServerResponse::BodyBuffer::overflow(int_type c) {
    if (!traits_type::eq_int_type(c, traits_type::eof())) _body.push_back(traits_type::to_char_type(c));
    return traits_type::not_eof(c);
}

std::streamsize ServerResponse::BodyBuffer::xsputn(const char* data, std::streamsize length) {
    _body.append(data, static_cast<std::size_t>(length));
    return length;
}

}  // namespace changebank::http
