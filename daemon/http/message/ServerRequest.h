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
#include "changebank/base/trace/RequestTrace.h"
#include "changebank/base/trace/TraceParent.h"
#include "changebank/base/trace/TraceSampling.h"
#include "changebank/daemon/http/message/Field.h"
#include "changebank/daemon/http/message/RequestIds.h"
#include "changebank/daemon/http/socket/Endpoints.h"

namespace changebank::http {

/// A request for POCO's handlers. Field values are undecoded bytes (RFC 2047 does not apply). The body is
/// complete before a handler sees the request. Used by one thread at a time; reused for further requests.
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

    /// Clears the object for the next request of a connection and assigns a generated id. Call it before the
    /// first request too. With `tracing` on, setFields() begins a span, and a trace for a request without a
    /// valid `traceparent`. The ids must outlive that.
    void reset(std::shared_ptr<const Endpoints> endpoints, bool secure, RequestIds& ids,
               const TraceSampling& tracing = {});

    /// The client that a trusted proxy has named, instead of the connection's.
    void setClient(const Poco::Net::SocketAddress& client);

    /// `pathLength` is the length of the path, with which `target` begins; a question mark and a query may
    /// follow.
    void setLine(std::string_view method, std::string_view target, std::size_t pathLength);

    /// Replaces all fields. A single, well-formed X-Request-Id becomes the request's id; otherwise the field
    /// gets the generated id. If the previous request had the same names in the same order, as is usual on a
    /// connection, its memory is reused.
    void setFields(std::vector<Field>& fields);

    /// The id for logs and responses, see RequestIds.
    const std::string& id() const { return _id; }

    /// The body, without transfer coding.
    std::string& body() { return _body; }
    const std::string& body() const { return _body; }

    std::string_view path() const override { return std::string_view(getURI()).substr(0, _pathLength); }
    std::string_view query() const override;
    std::string_view clientCertificateThumbprint() const override {
        return _endpoints->clientCertificateThumbprint;
    }

    std::string_view traceId() const override { return _place ? _place->traceId() : std::string_view{}; }
    std::string_view spanId() const override { return _trace ? _place->parentId() : std::string_view{}; }
    std::string_view traceParent() const override { return _place ? _place->text() : std::string_view{}; }
    std::string traceState() const override;

    /// What is known of the request's own span; nullptr if it has none.
    RequestTrace* trace() { return _trace ? &*_trace : nullptr; }

    void noteGuarded() const override {
        if (_trace) _trace->isGuarded = true;
    }
    void noteReceived(std::string_view method, std::string_view path) const override {
        _receivedMethod = method;
        _receivedPath = path;
    }
    void noteRoute(std::string_view pattern) const override { _route = pattern; }
    std::string_view notedRoute() const override { return _route; }
    void noteSubject(std::string_view subject) const override { _subject = subject; }
    void noteDenial(std::string_view cause) const override { _denial = cause; }

    /// The method and the path for the access log: those noted, else the request's own.
    std::string_view loggedMethod() const { return _receivedMethod.empty() ? getMethod() : _receivedMethod; }
    std::string_view loggedPath() const { return _receivedMethod.empty() ? path() : _receivedPath; }

    /// What was noted by the other note functions; empty if nothing.
    const std::string& route() const { return _route; }
    const std::string& subject() const { return _subject; }
    std::string_view denial() const { return _denial; }

private:
    /// Reads the body without copying it.
    class BodyBuffer : public std::streambuf {
    public:
        void read(std::string& body) { setg(body.data(), body.data(), body.data() + body.size()); }
    };

    void takeId(std::vector<Field>& fields);
    void takeTrace(const std::vector<Field>& fields);
    void beginSpan();
    bool replaceValues(const std::vector<Field>& fields);

    const Poco::Net::HTTPServerParams& _params;
    Poco::Net::HTTPServerResponse& _response;
    std::shared_ptr<const Endpoints> _endpoints;
    bool _secure = false;
    bool _streaming = false;
    std::size_t _pathLength = 0;
    std::string _id;
    RequestIds* _ids = nullptr;
    TraceSampling _tracing;
    /// What is handed on: the caller's, or with the request's own span as the parent.
    std::optional<TraceParent> _place;
    /// The caller's span, if the request has its own.
    std::optional<TraceParent> _caller;
    mutable std::optional<RequestTrace> _trace;
    std::string _body;
    std::string _name;  ///< Scratch strings: POCO's setters take std::string only.
    std::string _value;
    BodyBuffer _buffer;
    std::istream _stream;
    // Not part of the request. The strings keep their memory from one request to the next.
    mutable std::string _receivedMethod;
    mutable std::string _receivedPath;
    mutable std::string _route;
    mutable std::string _subject;
    mutable std::string_view _denial;
};

}  // namespace changebank::http
