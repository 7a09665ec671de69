#include "changebank/security/guard/TokenExtractor.h"

#include <Poco/Net/MessageHeader.h>

#include <utility>

#include "changebank/base/text/CaseInsensitive.h"
#include "changebank/base/text/Trimmed.h"

namespace changebank::security {

namespace {

/// The value of the first cookie of that name in a Cookie header (RFC 6265 section 4.2.1); empty if there is
/// none.
std::string_view cookieValue(std::string_view header, std::string_view name) {
    while (!header.empty()) {
        const auto semicolon = header.find(';');
        const auto pair = header.substr(0, semicolon);
        header.remove_prefix(semicolon == std::string_view::npos ? header.size() : semicolon + 1);
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos || trimmed(pair.substr(0, equals)) != name) continue;
        auto value = trimmed(pair.substr(equals + 1));
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
            value = value.substr(1, value.size() - 2);
        return value;
    }
    return {};
}

/// The credentials after the scheme, which ends with a space; empty for another scheme or if nothing follows.
std::string_view credentialsOf(std::string_view header, std::string_view scheme) {
    if (header.size() <= scheme.size() || !isSameIgnoringCase(header.substr(0, scheme.size()), scheme))
        return {};
    return trimmed(header.substr(scheme.size()));
}

}  // namespace

TokenExtractor::TokenExtractor(std::string cookieName, AcceptedSchemes schemes)
    : _cookieName(std::move(cookieName)), _schemes(schemes) {}

std::variant<PresentedToken, Refusal> TokenExtractor::extract(const Poco::Net::MessageHeader& header) const {
    const std::string* authorization = nullptr;
    std::string_view cookie;
    for (const auto& [name, value] : header) {
        if (isSameIgnoringCase(name, "Authorization")) {
            if (authorization) return Refusal{Cause::repeatedAuthorization};
            authorization = &value;
        } else if (cookie.empty() && isSameIgnoringCase(name, "Cookie")) {
            cookie = cookieValue(value, _cookieName);
        }
    }
    // A cookie may be planted by a page of a neighbouring domain; a token with a proof may not.
    const auto proven = authorization && _schemes == AcceptedSchemes::bearerAndDpop
                            ? credentialsOf(*authorization, "dpop ")
                            : std::string_view();
    if (!proven.empty()) return PresentedToken{proven, false, AuthenticationScheme::dpop};
    if (!cookie.empty()) return PresentedToken{cookie, true};
    if (!authorization) return Refusal{Cause::missingToken};
    const auto credentials = credentialsOf(*authorization, "bearer ");
    if (credentials.empty()) return Refusal{Cause::missingToken};
    return PresentedToken{credentials, false};
}

}  // namespace changebank::security
