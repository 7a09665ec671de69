#include "changebank/security/guard/CrossSiteCheck.h"

#include <Poco/Net/HTTPRequest.h>

#include <string>

#include "changebank/security/guard/Origin.h"
#include "changebank/security/guard/UniqueField.h"

namespace changebank::security {

namespace {

bool isSafe(const Poco::Net::HTTPRequest& request) {
    const auto& method = request.getMethod();
    return (method == "GET" || method == "HEAD" || method == "OPTIONS" || method == "TRACE") &&
           !request.has("Upgrade");
}

}  // namespace

bool isCrossSiteWrite(const Poco::Net::HTTPRequest& request, const AllowedOrigins& allowed) {
    if (isSafe(request) || allowed.originOf(request) != nullptr) return false;
    if (const auto site = uniqueField(request, "Sec-Fetch-Site"))
        return *site != "same-origin" && *site != "none";
    const auto field = uniqueField(request, "Origin");
    if (!field) return false;
    const auto host = uniqueField(request, "Host");
    const auto origin = Origin::parse(*field);
    return !host || !origin || !origin->isAt(*host);
}

}  // namespace changebank::security
