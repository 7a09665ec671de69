#include "security/CrossSiteCheck.h"

#include <Poco/Net/HTTPRequest.h>
#include <Poco/String.h>

#include <optional>
#include <string>
#include <string_view>

namespace changebank::security {

namespace {

bool isSafe(const std::string& method) {
    return method == "GET" || method == "HEAD" || method == "OPTIONS" || method == "TRACE";
}

/// The header's value; std::nullopt if it is absent, empty text if it came more than once.
std::optional<std::string> single(const Poco::Net::HTTPRequest& request, std::string_view wanted) {
    std::optional<std::string> found;
    for (const auto& [name, value] : request) {
        if (Poco::icompare(name, std::string(wanted)) != 0) continue;
        found = found ? std::string() : value;
    }
    return found;
}

/// The host and port of an origin (RFC 6454 section 6.2); the scheme is not ours to know behind a proxy that
/// ends TLS.
std::string_view authorityOf(std::string_view origin) {
    const auto separator = origin.find("://");
    return separator == std::string_view::npos ? std::string_view() : origin.substr(separator + 3);
}

}  // namespace

bool isCrossSiteWrite(const Poco::Net::HTTPRequest& request) {
    if (isSafe(request.getMethod())) return false;
    if (const auto site = single(request, "Sec-Fetch-Site")) return *site != "same-origin" && *site != "none";
    const auto origin = single(request, "Origin");
    if (!origin) return false;
    const auto host = single(request, "Host");
    const std::string authority(authorityOf(*origin));
    return !host || authority.empty() || Poco::icompare(authority, *host) != 0;
}

}  // namespace changebank::security
