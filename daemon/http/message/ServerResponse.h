#pragma once

#include <Poco/Net/HTTPServerResponse.h>

#include <ostream>
#include <streambuf>
#include <string>

namespace changebank::http {

/// An answer as POCO's handlers fill it. It is kept whole until the handler is done, so its length is always
/// known: chunked coding is never used, and a Content-Length that the handler set counts for HEAD alone. A
/// handler that sends nothing answers with its status and an empty body. Used by one thread at a time; an
/// object serves many answers.
class ServerResponse : public Poco::Net::HTTPServerResponse {
public:
    ServerResponse();

    /// Does nothing: the server sends 100 before it reads the body (RFC 9110 section 10.1.1).
    void sendContinue() override {}

    /// The stream keeps what is written for the answer's body. This and the other members that send throw
    /// Poco::IllegalStateException after an answer was sent.
    std::ostream& send() override;
    /// Reads the whole file on the calling thread. Throws Poco::FileNotFoundException or
    /// Poco::OpenFileException.
    void sendFile(const std::string& path, const std::string& mediaType) override;
    void sendBuffer(const void* buffer, std::size_t length) override;
    void redirect(const std::string& uri, HTTPStatus status = HTTP_FOUND) override;
    void requireAuthentication(const std::string& realm) override;
    bool sent() const override { return _sent; }

    /// Forgets the answer before; the next one starts as 200 without fields.
    void reset();
    /// Forgets what a handler did and makes this an answer of the server's own, without a body.
    void replaceBy(HTTPStatus status);

    const std::string& body() const { return _body; }

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
    std::string _body;
    BodyBuffer _buffer;
    std::ostream _stream;
};

}  // namespace changebank::http
