#include "changebank/security/guard/CrossSiteCheck.h"

#include <Poco/Net/HTTPRequest.h>
#include <Poco/String.h>

#include <string>
#include <string_view>

#include "changebank/security/guard/UniqueField.h"

namespace changebank::security {

namespace {

bool isSafe(const std::string& method) {
    return method == "GET" || method == "HEAD" || method == "OPTIONS" || method == "TRACE";
}

/// The host and port of an origin (RFC 6454 section 6.2). The scheme is left out: behind a proxy that ends
/// TLS we do not know our own.
std::string_view authorityOf(std::string_view origin) {
    const auto separator = origin.find("://");
    return separator == std::string_view::npos ? std::string_view() : origin.substr(separator + 3);
}

}  // namespace

bool isCrossSiteWrite(const Poco::Net::HTTPRequest& request, const AllowedOrigins& allowed) {
    if (isSafe(request.getMethod()) || allowed.originOf(request) != nullptr) return false;
    if (const auto site = uniqueField(request, "Sec-Fetch-Site"))
        return *site != "same-origin" && *site != "none";
    const auto origin = uniqueField(request, "Origin");
    if (!origin) return false;
    const auto host = uniqueField(request, "Host");
    const std::string authority(authorityOf(*origin));
    return !host || authority.empty() || Poco::icompare(authority, *host) != 0;
}

}  // namespace changebank::security
