#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "changebank/handlers/routing/Response.h"

namespace Poco::Net {
class HTTPServerRequest;
class HTTPServerResponse;
}  // namespace Poco::Net

namespace changebank::handlers {

/// A content that is the same for everybody until the settings change: `GET` of it is answered with 200, or
/// with 304 to a client that has it already by its entity tag. A client asks each time whether it is still
/// the same (`Cache-Control: no-cache`). Immutable, usable from any thread.
class StaticResponse {
public:
    /// Header values are free of CR, LF and NUL.
    StaticResponse(std::string_view contentType, std::string content, std::vector<Response::Header> headers);

    void send(const Poco::Net::HTTPServerRequest& request, Poco::Net::HTTPServerResponse& response) const;

private:
    std::string _tag;
    Response _whole;
    Response _notModified;
};

}  // namespace changebank::handlers
