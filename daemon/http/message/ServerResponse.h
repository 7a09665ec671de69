#pragma once

#include <Poco/Net/HTTPServerResponse.h>

#include <memory>
#include <ostream>
#include <streambuf>
#include <string>
#include <string_view>
#include <utility>

#include "changebank/base/handler/SharedBodyResponse.h"

namespace changebank::http {

/// A response for POCO's handlers. It is buffered until the handler has finished, so its length is always
/// known: chunked coding is never used, and a handler's Content-Length counts for HEAD only. If a handler
/// sends nothing, the response has its status and an empty body. Used by one thread at a time; reused for
/// further responses.
class ServerResponse : public Poco::Net::HTTPServerResponse, public SharedBodyResponse {
public:
    ServerResponse();

    /// Does nothing: the server sends 100 before it reads the body (RFC 9110 section 10.1.1).
    void sendContinue() override {}

    /// The stream writes to the buffered body. This and the other sending members throw
    /// Poco::IllegalStateException if a response was sent before.
    std::ostream& send() override;
    /// Reads the whole file on the calling thread. Throws Poco::FileNotFoundException or
    /// Poco::OpenFileException.
    void sendFile(const std::string& path, const std::string& mediaType) override;
    void sendBuffer(const void* buffer, std::size_t length) override;
    void sendShared(std::shared_ptr<const std::string> body) override;
    void redirect(const std::string& uri, HTTPStatus status = HTTP_FOUND) override;
    void requireAuthentication(const std::string& realm) override;
    bool sent() const override { return _sent; }

    /// Clears the object: status 200, no fields, no body.
    void reset();
    /// Replaces what a handler did by a response of the server's own, without fields and body.
    void replaceBy(HTTPStatus status) noexcept;
    /// Whether replaceBy() was called last.
    bool isServersOwn() const { return _isServersOwn; }

    std::string_view body() const { return _shared ? *_shared : _body; }
    bool isBodyShared() const { return _shared != nullptr; }
    /// The body if it was sent shared, otherwise null; the response is without it then.
    std::shared_ptr<const std::string> takeSharedBody() { return std::move(_shared); }
    /// Bytes of this object's own buffer.
    std::size_t bodyCapacity() const { return _body.capacity(); }

private:
    /// Appends to the body.
    class BodyBuffer : public std::streambuf {
    public:
        explicit BodyBuffer(std::string& body) : _body(body) {}

    protected:
        int_type overflow(int_type c) override;
        std::streamsize xsputn(const char* data, std::streamsize length) override;

    private:
        std::string& _body;
    };

    void beginSending();

    bool _sent = false;
    bool _isServersOwn = false;
    std::shared_ptr<const std::string> _shared;
    std::string _body;
    BodyBuffer _buffer;
    std::ostream _stream;
};

}  // namespace changebank::http
