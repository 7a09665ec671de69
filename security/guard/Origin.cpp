#include "changebank/security/guard/Origin.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <utility>

#include "changebank/base/text/Ascii.h"
#include "changebank/base/text/PortNumber.h"

namespace changebank::security {

namespace {

bool isHostCharacter(char c) {
    constexpr std::string_view delimiters = "/?#@[]:\\ ";
    return !isControl(c) && delimiters.find(c) == std::string_view::npos;
}

/// A host in one spelling; std::nullopt if the text is not one.
std::optional<std::string> hostOf(std::string_view text) {
    if (!text.empty() && text.front() == '[') {
        if (text.back() != ']') return std::nullopt;
        return shortestIpv6(text.substr(1, text.size() - 2));
    }
    if (text.ends_with('.')) text.remove_suffix(1);
    if (text.empty() || !std::all_of(text.begin(), text.end(), isHostCharacter)) return std::nullopt;
    std::string host(text);
    std::transform(host.begin(), host.end(), host.begin(), toLower);
    return host;
}

/// Host and port; the port is `defaultPort` if the text has none or an empty one (RFC 3986 section 3.2.3).
std::optional<std::pair<std::string, std::uint16_t>> authorityOf(std::string_view text,
                                                                 std::uint16_t defaultPort) {
    const auto bracket = text.rfind(']');
    const auto colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
    auto host = hostOf(text.substr(0, colon));
    if (!host) return std::nullopt;
    const auto portText = colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
    const auto port = portText.empty() ? std::optional(defaultPort) : portNumber(portText);
    if (!port) return std::nullopt;
    return std::pair(std::move(*host), *port);
}

bool startsWith(std::string_view text, std::string_view prefix) {
    return text.size() >= prefix.size() &&
           std::equal(prefix.begin(), prefix.end(), text.begin(),
                      [](char left, char right) { return left == toLower(right); });
}

std::uint16_t portOf(bool isHttps) {
    return isHttps ? 443 : 80;
}

}  // namespace

std::optional<Origin> Origin::parse(std::string_view text) {
    constexpr std::string_view http = "http://";
    constexpr std::string_view https = "https://";
    const bool isHttps = startsWith(text, https);
    if (!isHttps && !startsWith(text, http)) return std::nullopt;
    auto authority = authorityOf(text.substr((isHttps ? https : http).size()), portOf(isHttps));
    if (!authority) return std::nullopt;
    return Origin{isHttps, std::move(authority->first), authority->second};
}

bool Origin::isAt(std::string_view hostField) const {
    return authorityOf(hostField, portOf(isHttps)) == std::pair(host, port);
}

bool isAuthority(std::string_view text) {
    const auto isPlain = [](char c) { return isUnreserved(c) || c == '[' || c == ']' || c == ':'; };
    return std::all_of(text.begin(), text.end(), isPlain) && authorityOf(text, portOf(false));
}

std::optional<std::string> shortestIpv6(std::string_view text) {
    in6_addr address{};
    if (::inet_pton(AF_INET6, std::string(text).c_str(), &address) != 1) return std::nullopt;
    std::array<char, INET6_ADDRSTRLEN> buffer{};
    return ::inet_ntop(AF_INET6, &address, buffer.data(), buffer.size());
}

}  // namespace changebank::security
