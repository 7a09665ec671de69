#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "changebank/handlers/routing/Response.h"

namespace Poco::Net {
class HTTPServerRequest;
class HTTPServerResponse;
}  // namespace Poco::Net

namespace changebank::handlers {

/// Content that stays the same until the settings change: sends 200, or 304 to a client that has it already
/// by its entity tag. Clients share the content (SharedBodyResponse). By default `Cache-Control: no-cache`
/// makes clients ask each time. Immutable, usable from any thread.
class StaticResponse {
public:
    /// Header values must not contain CR, LF or NUL.
    StaticResponse(std::string_view contentType, std::string content, std::vector<Response::Header> headers,
                   const std::string& cacheControl = "no-cache");

    void send(const Poco::Net::HTTPServerRequest& request, Poco::Net::HTTPServerResponse& response) const;

private:
    std::string _tag;
    std::shared_ptr<const std::string> _content;
    Response _whole;  ///< Without the content.
    Response _notModified;
};

}  // namespace changebank::handlers
