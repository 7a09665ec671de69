#pragma once

#include <map>
#include <string>
#include <vector>

#include "changebank/kickstart/web/FormData.h"

namespace changebank::kickstart {

/// An HTTP request to the OAuth endpoints or the hosted backend.
struct WebRequest {
    /// GET for a HEAD as well.
    std::string method;
    /// The path alone, beginning with a slash; escapes are not decoded.
    std::string path;
    FormData query;
    /// The fields of a body of type application/x-www-form-urlencoded; empty without one.
    FormData form;
    /// The cookies by name; the first one of each name.
    std::map<std::string, std::string> cookies;
    /// The headers of these names; empty if absent.
    std::string authorization;
    std::string origin;
    /// Whether a page of another origin sent it with an unsafe method; see security/guard/CrossSiteCheck.h.
    bool isCrossSiteWrite = false;
    /// The base URL that the caller uses: "http://localhost:9011".
    std::string baseUrl;
    /// Every header field DPoP (RFC 9449 section 4.1).
    std::vector<std::string> dpopProofs{};

    /// The value of a cookie; empty if absent.
    std::string cookie(const std::string& name) const {
        const auto found = cookies.find(name);
        return found == cookies.end() ? std::string() : found->second;
    }
};

}  // namespace changebank::kickstart
