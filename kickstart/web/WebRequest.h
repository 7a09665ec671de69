#pragma once

#include <map>
#include <string>

#include "changebank/kickstart/web/FormData.h"

namespace changebank::kickstart {

/// A request to the OAuth endpoints or the hosted backend, taken out of HTTP.
struct WebRequest {
    /// GET for a HEAD as well.
    std::string method;
    /// The path alone, beginning with a slash; escapes are not decoded.
    std::string path;
    FormData query;
    /// The fields of a body of the type application/x-www-form-urlencoded; empty without one.
    FormData form;
    /// The cookies by name; of several with the same name the first.
    std::map<std::string, std::string> cookies;
    /// The headers of these names; empty where there is none.
    std::string authorization;
    std::string origin;
    /// Whether a page of another origin sent it with an unsafe method; see security/CrossSiteCheck.h.
    bool isCrossSiteWrite = false;
    /// How the caller reaches us: "http://localhost:9011".
    std::string baseUrl;

    /// The value of a cookie; empty where there is none.
    std::string cookie(const std::string& name) const {
        const auto found = cookies.find(name);
        return found == cookies.end() ? std::string() : found->second;
    }
};

}  // namespace changebank::kickstart
