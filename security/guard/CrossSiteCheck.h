#pragma once

#include "changebank/security/guard/AllowedOrigins.h"

namespace Poco::Net {
class HTTPRequest;
}

namespace changebank::security {

/// True if a browser sent this request from a page of another origin, and its method is unsafe (RFC 9110
/// section 9.2.1) or it asks for an upgrade, so that a token cookie on it does not prove the user's intent.
/// Any page may open a WebSocket to any server, with the user's cookies, and read what comes back, whatever
/// CORS says; browsers send `Origin` with the handshake, a GET, for the server to judge by (RFC 6455 section
/// 10.2). Therefore no request with the field `Upgrade` is safe.
///
/// `Sec-Fetch-Site` decides if it is present: "same-origin" and "none" pass. Otherwise `Origin` must name the
/// request's own host and port (Origin::isAt()); "null" and a repeated field do not. A request with neither
/// field does not come from a page and passes. An allowed `Origin` always passes.
bool isCrossSiteWrite(const Poco::Net::HTTPRequest& request, const AllowedOrigins& allowed = {});

}  // namespace changebank::security
