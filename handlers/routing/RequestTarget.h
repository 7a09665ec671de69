#pragma once

#include <Poco/Net/HTTPServerRequest.h>

#include <string_view>

namespace changebank::handlers {

/// The path and the query of a request's target (RFC 9112 section 3.2), as they came: nothing is decoded, so
/// no two spellings of a separator mean the same path. Views into the request.
struct RequestTarget {
    std::string_view path;
    std::string_view query;  ///< Without its question mark.

    /// What the server has taken apart already (RequestContext), else the origin form
    /// ("/make-change?total=1") or the absolute form ("http://host/make-change") taken apart here.
    static RequestTarget of(const Poco::Net::HTTPServerRequest& request);

    /// The same of a text; one of another form becomes a path that no route has.
    static RequestTarget parse(std::string_view target);
};

}  // namespace changebank::handlers
