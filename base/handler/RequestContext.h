#pragma once

#include <Poco/Net/HTTPServerRequest.h>

#include <string>
#include <string_view>

namespace changebank {

/// What our server knows about a request beyond POCO's interface: its parsed target, the client's
/// certificate, and the fields of the access log that factories and handlers fill in. A server that offers it
/// derives its Poco::Net::HTTPServerRequest from this as well. Notes change only the log, so a const request
/// takes them. To be called by the thread that serves the request, before its response is complete.
class RequestContext {
public:
    /// The context of a request; nullptr on a server without one, such as Poco::Net::HTTPServer.
    static const RequestContext* of(const Poco::Net::HTTPServerRequest& request) {
        return dynamic_cast<const RequestContext*>(&request);
    }

    virtual ~RequestContext() = default;

    /// The path and the query of the target (RFC 3986 sections 3.3 and 3.4) as received: neither decoded nor
    /// normalised. The query has no question mark. Valid until the target is changed.
    virtual std::string_view path() const = 0;
    virtual std::string_view query() const = 0;

    /// The `x5t#S256` (RFC 8705 section 3.1) of the certificate with which the client has authenticated in
    /// the TLS handshake of the request's connection: base64url without padding of the SHA-256 of its DER.
    /// It proves possession of the certificate's key, not that anybody vouches for the certificate. Empty
    /// without TLS or certificate. Valid as long as the request.
    virtual std::string_view clientCertificateThumbprint() const { return {}; }

    // The place in a distributed trace (W3C Trace Context). Empty unless the request has a single, valid
    // `traceparent`, or the server begins a trace for each request without one. Valid as long as the request.

    /// 32 hexadecimal digits in lower case.
    virtual std::string_view traceId() const { return {}; }
    /// The span of this request, 16 such digits; empty if the server makes no spans.
    virtual std::string_view spanId() const { return {}; }
    /// The value of `traceparent` for requests that are made on behalf of this one: with its own span as
    /// their parent, or as received if the server makes no spans.
    virtual std::string_view traceParent() const { return {}; }
    /// The value of `tracestate` that goes with it; empty: none.
    virtual std::string traceState() const { return {}; }

    /// A guard judges the request.
    virtual void noteGuarded() const {}

    /// The request that was sent, if this is one that it asks about and that its sender could send as well:
    /// proofs (RFC 9449 section 4) are for what was sent. nullptr: this one was sent. Valid as long as this.
    virtual const Poco::Net::HTTPServerRequest* sent() const { return nullptr; }

    // Fields of the access log. Setting one twice overwrites it. Views need to be valid only during the call,
    // except the denial's.

    /// The request that a proxy asks about, which takes the place of its own in the log: method and path; no
    /// path if the target has none.
    virtual void noteReceived(std::string_view, std::string_view) const {}
    /// The pattern of the matched route; it never contains text of the request.
    virtual void noteRoute(std::string_view pattern) const = 0;
    /// The route that was noted last; empty if none. Valid until the next note.
    virtual std::string_view notedRoute() const { return {}; }
    /// The caller by its token, which is verified.
    virtual void noteSubject(std::string_view subject) const = 0;
    /// Why the request was denied: a name with static storage, such as those of security::Cause.
    virtual void noteDenial(std::string_view cause) const = 0;
};

}  // namespace changebank
