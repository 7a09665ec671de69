#pragma once

#include <Poco/Net/HTTPServerRequest.h>

#include <string_view>

namespace changebank {

/// What our server knows of a request beyond POCO's interface: its target taken apart, and the fields of the
/// access log that factories and handlers fill in. A server that offers it derives its
/// Poco::Net::HTTPServerRequest from this as well. Notes change the log and never the request, so they may be
/// made where a request is const. For the thread that serves the request, before its response is complete.
class RequestContext {
public:
    /// That of a request; nullptr on a server without it, such as Poco::Net::HTTPServer.
    static const RequestContext* of(const Poco::Net::HTTPServerRequest& request) {
        return dynamic_cast<const RequestContext*>(&request);
    }

    virtual ~RequestContext() = default;

    /// The path and the query of the target (RFC 3986 sections 3.3 and 3.4), as they came: neither decoded
    /// nor normalised. The query is without its question mark. Valid until the target is changed.
    virtual std::string_view path() const = 0;
    virtual std::string_view query() const = 0;

    // Fields of the access log. Setting one twice overwrites it. The views need to be valid during the call
    // alone, but for the denial.

    /// The pattern of the route that the request takes, which never holds text of the request.
    virtual void noteRoute(std::string_view pattern) const = 0;
    /// Who is calling, once that is proved.
    virtual void noteSubject(std::string_view subject) const = 0;
    /// Why the request was denied: a name with static storage, such as those of security::Cause.
    virtual void noteDenial(std::string_view cause) const = 0;
};

}  // namespace changebank
