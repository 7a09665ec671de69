#include "changebank/daemon/http/message/RequestTarget.h"

#include <algorithm>

#include "changebank/base/text/Ascii.h"
#include "changebank/base/text/PortNumber.h"
#include "changebank/daemon/http/message/CharacterSet.h"
#include "changebank/daemon/http/message/FieldSyntax.h"

namespace changebank::http {

namespace {

// RFC 3986: each contains unreserved and sub-delims; percent-encoding is checked separately.
constexpr CharacterSet hostCharacters = lettersDigitsAnd("-._~!$&'()*+,;=");
constexpr CharacterSet addressCharacters = lettersDigitsAnd("-._~!$&'()*+,;=:");
constexpr CharacterSet pathCharacters = lettersDigitsAnd("-._~!$&'()*+,;=:@/");
constexpr CharacterSet queryCharacters = lettersDigitsAnd("-._~!$&'()*+,;=:@/?");

bool consistsOf(std::string_view text, const CharacterSet& set) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (set[static_cast<unsigned char>(text[i])]) continue;
        if (text[i] != '%' || i + 2 >= text.size()) return false;
        if (hexDigitValue(text[i + 1]) < 0 || hexDigitValue(text[i + 2]) < 0) return false;
        i += 2;
    }
    return true;
}

/// RFC 3986 section 3.2.3: may be empty.
bool isPort(std::string_view text) {
    return text.empty() || portNumber(text);
}

std::string_view takeScheme(std::string_view target) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        const auto start = target.substr(0, scheme.size());
        if (target.size() > scheme.size() && isSameName(start, scheme)) return start;
    }
    return {};
}

bool splitPathAndQuery(std::string_view text, RequestTarget& target) {
    const auto queryStart = std::min(text.find('?'), text.size());
    target.path = text.substr(0, queryStart);
    target.query = text.substr(queryStart);
    return consistsOf(target.path, pathCharacters) &&
           (target.query.empty() || consistsOf(target.query.substr(1), queryCharacters));
}

}  // namespace

bool isHostAndPort(std::string_view text) {
    std::string_view host = text;
    std::string_view port;
    if (!text.empty() && text.front() == '[') {
        const auto end = text.find(']');
        if (end == std::string_view::npos || end == 1) return false;
        if (!consistsOf(text.substr(1, end - 1), addressCharacters)) return false;
        port = text.substr(end + 1);
        if (!port.empty() && port.front() != ':') return false;
        return port.empty() || isPort(port.substr(1));
    }
    if (const auto colon = text.find(':'); colon != std::string_view::npos) {
        host = text.substr(0, colon);
        port = text.substr(colon + 1);
    }
    return consistsOf(host, hostCharacters) && isPort(port);
}

std::optional<RequestTarget> RequestTarget::parse(std::string_view method, std::string_view target) {
    RequestTarget result{};
    if (method == "CONNECT") {
        const auto colon = target.rfind(':');
        if (colon == 0 || colon == std::string_view::npos || colon + 1 == target.size()) return {};
        if (!isHostAndPort(target)) return {};
        result.form = Form::Authority;
        result.authority = target;
        return result;
    }
    if (target == "*") {
        if (method != "OPTIONS") return {};
        result.form = Form::Asterisk;
        result.path = target;
        return result;
    }
    if (!target.empty() && target.front() == '/') {
        result.form = Form::Origin;
        if (!splitPathAndQuery(target, result)) return {};
        return result;
    }
    const auto scheme = takeScheme(target);
    if (scheme.empty()) return {};
    const auto rest = target.substr(scheme.size());
    const auto authorityEnd = std::min(rest.find_first_of("/?"), rest.size());
    result.form = Form::Absolute;
    result.isHttps = scheme.size() == std::string_view("https://").size();
    result.authority = rest.substr(0, authorityEnd);
    if (result.authority.empty() || result.authority.front() == ':') return {};
    if (!isHostAndPort(result.authority) || !splitPathAndQuery(rest.substr(authorityEnd), result)) return {};
    return result;
}

}  // namespace changebank::http
