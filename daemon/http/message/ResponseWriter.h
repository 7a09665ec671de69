#pragma once

#include <string>
#include <string_view>

#include "changebank/daemon/http/message/ServerResponse.h"

namespace changebank::http {

/// What a server adds to a handler's answer.
struct ResponseFrame {
    std::string_view date;       ///< IMF-fixdate, RFC 9110 section 5.6.7.
    std::string_view server;     ///< For the Server field; empty for none.
    std::string_view requestId;  ///< Empty for none.
    bool keepAlive = false;
    bool toHttp10 =
        false;  ///< The request was HTTP/1.0, whose clients must be told that a connection stays open.
    bool toHead = false;  ///< The request was HEAD: everything but the body is sent.
};

/// Appends an answer in the form of RFC 9112 section 4 to `out`. Date, Server, Connection, Content-Length,
/// Transfer-Encoding and X-Request-Id are this function's own; what the handler set for them is left out.
/// Returns false, with `out` as it was, if the answer cannot be sent: a status outside 200 to 599, a field
/// name that is no token, a field value or reason with CR, LF or NUL.
bool writeResponse(std::string& out, const ServerResponse& response, const ResponseFrame& frame);

}  // namespace changebank::http
