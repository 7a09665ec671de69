#pragma once

#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/HTTPServerRequest.h>

#include <istream>
#include <memory>
#include <streambuf>
#include <string>

#include "daemon/http/AccessObserver.h"
#include "daemon/http/Endpoints.h"

namespace changebank::http {

/// A request as POCO's handlers see it. Field values are the bytes that came, never decoded by RFC 2047. The
/// body is whole before a handler sees the request. Used by one thread at a time; an object serves many
/// requests, one after the other.
class ServerRequest : public Poco::Net::HTTPServerRequest {
public:
    /// Both must outlive the request.
    ServerRequest(const Poco::Net::HTTPServerParams& params, Poco::Net::HTTPServerResponse& response);

    std::istream& stream() override;
    const Poco::Net::SocketAddress& clientAddress() const override { return _endpoints->client; }
    const Poco::Net::SocketAddress& serverAddress() const override { return _endpoints->server; }
    const Poco::Net::HTTPServerParams& serverParams() const override { return _params; }
    Poco::Net::HTTPServerResponse& response() const override { return _response; }
    bool secure() const override { return _secure; }

    /// Forgets the request before and prepares for the next one of a connection. To be called before the
    /// first one too.
    void reset(std::shared_ptr<const Endpoints> endpoints, bool secure);

    /// The body, without transfer coding.
    std::string& body() { return _body; }
    const std::string& body() const { return _body; }

    /// What factories and handlers note for the access record; not part of the request itself.
    AccessAttributes& attributes() const { return _attributes; }

private:
    /// Reads the body where it lies.
    class BodyBuffer : public std::streambuf {
    public:
        void read(std::string& body) { setg(body.data(), body.data(), body.data() + body.size()); }
    };

    const Poco::Net::HTTPServerParams& _params;
    Poco::Net::HTTPServerResponse& _response;
    std::shared_ptr<const Endpoints> _endpoints;
    bool _secure = false;
    bool _streaming = false;
    std::string _body;
    BodyBuffer _buffer;
    std::istream _stream;
    mutable AccessAttributes _attributes;
};

}  // namespace changebank::http
