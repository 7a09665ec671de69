#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "changebank/daemon/http/message/ServerResponse.h"

namespace changebank::http {

/// What the server adds to a handler's response.
struct ResponseFrame {
    std::string_view date;       ///< IMF-fixdate, RFC 9110 section 5.6.7.
    std::string_view server;     ///< For the Server field; empty for none.
    std::string_view requestId;  ///< Empty for none.
    /// For Strict-Transport-Security, RFC 6797 section 6.1.1; 0 for none.
    std::chrono::seconds hstsMaxAge{0};
    bool keepAlive = false;
    bool toHttp10 = false;  ///< The request was HTTP/1.0, which needs Connection: keep-alive.
    bool toHead = false;    ///< The request was HEAD: the body is omitted.
};

/// Whether a response has no body: to HEAD, 204 and 304 (RFC 9112 section 6.3).
bool isBodiless(const ServerResponse& response, const ResponseFrame& frame);

/// Appends a response to `out` (RFC 9112 section 4), without a body that is shared. Date, Server, Connection,
/// Keep-Alive, Content-Length, Transfer-Encoding, Trailer and X-Request-Id come from this function; the
/// handler's values are dropped; so is its Strict-Transport-Security if the frame has one. Returns false,
/// with `out` unchanged, if the response is invalid: a status outside 200 to 599, a field name that is not a
/// token, a field value or reason with a control character other than tab.
bool writeResponse(std::string& out, const ServerResponse& response, const ResponseFrame& frame);

}  // namespace changebank::http
