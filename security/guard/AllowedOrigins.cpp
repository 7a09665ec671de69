#include "changebank/security/guard/AllowedOrigins.h"

#include <algorithm>

#include "changebank/base/text/Ascii.h"
#include "changebank/base/text/PortNumber.h"
#include "changebank/security/guard/Origin.h"
#include "changebank/security/guard/UniqueField.h"

namespace changebank::security {

namespace {

constexpr std::string_view form = "write it like https://app.example.com or http://localhost:5173";

bool consistsOf(std::string_view text, std::string_view others) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [others](char c) {
        return (c >= 'a' && c <= 'z') || isDigit(c) || others.find(c) != std::string_view::npos;
    });
}

bool isIpv6(std::string_view host) {
    return host.size() > 2 && host.front() == '[' && host.back() == ']' &&
           consistsOf(host.substr(1, host.size() - 2), ":.");
}

bool isHost(std::string_view host) {
    return isIpv6(host) || consistsOf(host, "-._");
}

/// Browsers write an IPv6 address in its shortest form (RFC 5952), so another one would never match.
std::optional<std::string> faultOfIpv6(std::string_view host) {
    const auto shortest = shortestIpv6(host.substr(1, host.size() - 2));
    if (!shortest) return "has no IPv6 address between its brackets";
    if ("[" + *shortest + "]" != host) return "is not as browsers write it: [" + *shortest + "]";
    return std::nullopt;
}

/// As browsers write it: without leading zeros.
bool isPort(std::string_view text) {
    return portNumber(text) && text.front() != '0';
}

}  // namespace

AllowedOrigins::AllowedOrigins(const std::vector<std::string>& origins) {
    for (const auto& origin : origins) {
        if (!faultOf(origin)) _origins.insert(origin);
    }
}

const std::string* AllowedOrigins::originOf(const Poco::Net::MessageHeader& request) const {
    if (_origins.empty()) return nullptr;
    const auto origin = uniqueField(request, "Origin");
    const auto found = origin ? _origins.find(*origin) : _origins.end();
    return found == _origins.end() ? nullptr : &*found;
}

std::optional<std::string> AllowedOrigins::faultOf(std::string_view text) {
    if (text == "*") return "would let every page call in its user's name; name each origin";
    const bool https = text.rfind("https://", 0) == 0;
    if (!https && text.rfind("http://", 0) != 0)
        return "is not an http or https origin; " + std::string(form);
    const auto authority = text.substr(https ? 8 : 7);
    const auto bracket = authority.rfind(']');
    const auto colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
    const auto host = authority.substr(0, colon);
    if (!isHost(host)) {
        return "is more than scheme, host and port in lower case; " + std::string(form);
    }
    if (isIpv6(host)) {
        if (auto fault = faultOfIpv6(host)) return fault;
    }
    if (colon == std::string_view::npos) return std::nullopt;
    const auto port = authority.substr(colon + 1);
    if (!isPort(port)) return "has no port from 1 to 65535 at its end; " + std::string(form);
    if (port == (https ? "443" : "80"))
        return "names the port that its scheme implies, which browsers leave out";
    return std::nullopt;
}

}  // namespace changebank::security
