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
///
/// A client gets the content in the coding that it prefers (ContentCoding.h). Each coding has an entity tag
/// of its own (RFC 9110 section 8.8.3.3), and with more than identity `Vary: Accept-Encoding` is sent.
class StaticResponse {
public:
    /// The content in a coding such as "gzip". The name has static storage.
    struct Coded {
        std::string_view coding;
        std::string content;
    };

    /// Header values must not contain CR, LF or NUL. Of the coded contents those that are not shorter than
    /// the content are left out; of equally preferred ones the first is sent.
    StaticResponse(std::string_view contentType, std::string content, std::vector<Response::Header> headers,
                   const std::string& cacheControl = "no-cache", std::vector<Coded> coded = {});

    void send(const Poco::Net::HTTPServerRequest& request, Poco::Net::HTTPServerResponse& response) const;

private:
    struct Variant {
        std::string tag;
        std::shared_ptr<const std::string> content;
        Response whole;  ///< Without the content.
        Response notModified;
    };

    const Variant& variantFor(const Poco::Net::HTTPServerRequest& request) const;

    std::vector<std::string_view> _codings;
    std::vector<Variant> _variants;  ///< One for each coding, then that of identity.
};

}  // namespace changebank::handlers
