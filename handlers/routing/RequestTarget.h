#pragma once

#include <Poco/Net/HTTPServerRequest.h>

#include <string_view>

namespace changebank::handlers {

/// The path and the query of a request's target (RFC 9112 section 3.2) as received: nothing is decoded, so no
/// two spellings of a separator mean the same path. Views into the request.
struct RequestTarget {
    std::string_view path;
    std::string_view query;  ///< Without the question mark.

    /// The target as the server has parsed it (RequestContext), or parse() of the request line on a server
    /// that has not.
    static RequestTarget of(const Poco::Net::HTTPServerRequest& request);

    /// Parses the origin form ("/make-change?total=1") or the absolute form ("http://host/make-change").
    /// Another form becomes a path that no route has.
    static RequestTarget parse(std::string_view target);

    /// What is before the first question mark, and what is behind it. A fragment, which no target has, is
    /// left where it is.
    static RequestTarget split(std::string_view target);

    /// What a log may have of a target that need not be one: its path, empty if it does not begin with a
    /// slash. Else secrets might come along: a query, a fragment, a password in front of a host.
    static std::string_view loggablePath(std::string_view target);
};

}  // namespace changebank::handlers
