#pragma once

#include "changebank/security/guard/AllowedOrigins.h"

namespace Poco::Net {
class HTTPRequest;
}

namespace changebank::security {

/// True if a browser sent this request from a page of another origin and its method is unsafe (RFC 9110
/// section 9.2.1), so that a token cookie on it says nothing about the user's will. `Sec-Fetch-Site` decides
/// where it is there: "same-origin" and "none" pass. Else `Origin` must name the request's own host; "null"
/// and a repeated header never do. A request with neither header does not come from a page. An allowed
/// `Origin` passes in any case.
bool isCrossSiteWrite(const Poco::Net::HTTPRequest& request, const AllowedOrigins& allowed = {});

}  // namespace changebank::security
