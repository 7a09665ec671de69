#pragma once

#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/HTTPServerRequest.h>

#include <istream>
#include <memory>
#include <optional>
#include <streambuf>
#include <string>
#include <string_view>
#include <vector>

#include "changebank/base/handler/RequestContext.h"
#include "changebank/daemon/http/message/Field.h"
#include "changebank/daemon/http/message/RequestIds.h"
#include "changebank/daemon/http/socket/Endpoints.h"

namespace changebank::http {

/// A request as POCO's handlers see it. Field values are the bytes that came, never decoded by RFC 2047. The
/// body is whole before a handler sees the request. Used by one thread at a time; an object serves many
/// requests, one after the other.
class ServerRequest : public Poco::Net::HTTPServerRequest, public RequestContext {
public:
    /// Both must outlive the request.
    ServerRequest(const Poco::Net::HTTPServerParams& params, Poco::Net::HTTPServerResponse& response);

    std::istream& stream() override;
    const Poco::Net::SocketAddress& clientAddress() const override { return _endpoints->client; }
    const Poco::Net::SocketAddress& serverAddress() const override { return _endpoints->server; }
    const Poco::Net::HTTPServerParams& serverParams() const override { return _params; }
    Poco::Net::HTTPServerResponse& response() const override { return _response; }
    bool secure() const override { return _secure; }

    /// Who sent the request over a Unix socket; nullptr for other sockets.
    const PeerCredentials* peer() const { return _endpoints->peer ? &*_endpoints->peer : nullptr; }

    /// Forgets the request before and prepares for the next one of a connection, under a name of the
    /// server's. To be called before the first one too.
    void reset(std::shared_ptr<const Endpoints> endpoints, bool secure, RequestIds& ids);

    /// `pathLength` is that of the target's path, which comes first; a query and its question mark may
    /// follow.
    void setLine(std::string_view method, std::string_view target, std::size_t pathLength);

    /// Makes these the request's fields, in place of all that it had. An X-Request-Id that came once and is
    /// well-formed becomes the request's name; any other is dropped, and the server's name stands in the
    /// field. The memory of the request before is used again where it has the same names in the same order,
    /// as requests of one connection mostly have.
    void setFields(std::vector<Field>& fields);

    /// The request's name for logs and answers, see RequestIds.
    const std::string& id() const { return _id; }

    /// The body, without transfer coding.
    std::string& body() { return _body; }
    const std::string& body() const { return _body; }

    std::string_view path() const override { return std::string_view(getURI()).substr(0, _pathLength); }
    std::string_view query() const override;

    void noteRoute(std::string_view pattern) const override { _route = pattern; }
    void noteSubject(std::string_view subject) const override { _subject = subject; }
    void noteDenial(std::string_view cause) const override { _denial = cause; }

    /// What was said about the request; empty if nothing was.
    const std::string& route() const { return _route; }
    const std::string& subject() const { return _subject; }
    std::string_view denial() const { return _denial; }

private:
    /// Reads the body where it lies.
    class BodyBuffer : public std::streambuf {
    public:
        void read(std::string& body) { setg(body.data(), body.data(), body.data() + body.size()); }
    };

    void takeId(std::vector<Field>& fields);
    bool replaceValues(const std::vector<Field>& fields);

    const Poco::Net::HTTPServerParams& _params;
    Poco::Net::HTTPServerResponse& _response;
    std::shared_ptr<const Endpoints> _endpoints;
    bool _secure = false;
    bool _streaming = false;
    std::size_t _pathLength = 0;
    std::string _id;
    std::string _body;
    std::string _name;  ///< Texts on their way to POCO, which takes none but strings.
    std::string _value;
    BodyBuffer _buffer;
    std::istream _stream;
    // Not part of the request. The strings keep their memory from one request to the next.
    mutable std::string _route;
    mutable std::string _subject;
    mutable std::string_view _denial;
};

}  // namespace changebank::http
