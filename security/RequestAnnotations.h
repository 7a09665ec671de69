#pragma once

#include <Poco/Net/HTTPServerRequest.h>

#include <string_view>

namespace changebank::security {

/// What those who deal with a request say about it for the records of its server, such as an access log. A
/// server that keeps records derives its Poco::Net::HTTPServerRequest from this as well. Saying something
/// changes the record and never the request, so it may be done where a request is const: in factories too. To
/// be used by whoever serves the request at that moment, before its answer is complete. Of two sayings of one
/// kind the later counts.
class RequestAnnotations {
public:
    /// Those of a request; nullptr if its server keeps none, as Poco::Net::HTTPServer.
    static const RequestAnnotations* of(const Poco::Net::HTTPServerRequest& request) {
        return dynamic_cast<const RequestAnnotations*>(&request);
    }

    virtual ~RequestAnnotations() = default;

    // The views need to be valid during the call alone.

    /// The pattern of the route that the request takes, which never holds text of the request.
    virtual void noteRoute(std::string_view pattern) const = 0;
    /// Who is calling, once that is proved.
    virtual void noteSubject(std::string_view subject) const = 0;
    /// Why the request is not let through: a name that does not change with the request, such as those of
    /// security::Cause. It must stay valid as long as the server.
    virtual void noteRefusal(std::string_view cause) const = 0;
};

}  // namespace changebank::security
