#pragma once

namespace Poco::Net {
class HTTPServerRequest;
class HTTPServerResponse;
}  // namespace Poco::Net

namespace changebank {

/// Completes the responses that the server makes by itself: to requests that it cannot parse, that exceed a
/// limit or a deadline, and whose handler failed. A Poco::Net::HTTPRequestHandlerFactory that implements this
/// too completes those of its server; without one they have no body. Poco::Net::HTTPServer ignores it.
class ErrorResponder {
public:
    virtual ~ErrorResponder() = default;

    /// Adds fields and a body. The response has only a status. The request may be incomplete: method and
    /// target may be empty, and its fields are those that could be read. Called on event loops, from several
    /// threads at once: must not block. After an exception the response is sent without fields and body.
    virtual void completeError(const Poco::Net::HTTPServerRequest& request,
                               Poco::Net::HTTPServerResponse& response) = 0;
};

}  // namespace changebank
