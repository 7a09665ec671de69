#include "changebank/security/dpop/TargetUri.h"

#include <algorithm>

#include "changebank/base/text/Ascii.h"
#include "changebank/base/text/PercentEncoding.h"

namespace changebank::security {

namespace {

/// A character of a URI (RFC 3986 section 2), percent signs included.
bool isOfUri(char c) {
    return isUnreserved(c) || std::string_view(":/?#[]@!$&'()*+,;=%").find(c) != std::string_view::npos;
}

/// RFC 3986 sections 6.2.2.1 and 6.2.2.2; std::nullopt if an escape is bad.
std::optional<std::string> withNormalEscapes(std::string_view text) {
    std::string normal;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            normal += text[i];
            continue;
        }
        const int high = text.size() - i < 3 ? -1 : hexDigitValue(text[i + 1]);
        const int low = text.size() - i < 3 ? -1 : hexDigitValue(text[i + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        const auto c = static_cast<char>(high * 16 + low);
        if (isUnreserved(c)) {
            normal += c;
        } else {
            appendEscape(normal, c);
        }
        i += 2;
    }
    return normal;
}

/// RFC 3986 section 5.2.4, for a path that begins with a slash.
std::string withoutDotSegments(std::string_view path) {
    std::string normal;
    while (!path.empty()) {
        const auto end = std::min(path.find('/', 1), path.size());
        const auto segment = path.substr(0, end);
        path.remove_prefix(end);
        const bool isParent = segment == "/..";
        if (isParent) normal.erase(std::min(normal.rfind('/'), normal.size()));
        if (!isParent && segment != "/.") {
            normal += segment;
        } else if (path.empty()) {
            normal += '/';
        }
    }
    return normal;
}

/// Host and port; std::nullopt if they are not well-formed.
std::optional<std::string> authorityOf(std::string_view scheme, std::string_view text) {
    const auto bracket = text.rfind(']');
    const auto colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
    auto host = withNormalEscapes(text.substr(0, colon));
    if (!host || host->empty() || host->find('@') != std::string::npos) return std::nullopt;
    std::transform(host->begin(), host->end(), host->begin(), toLower);
    auto port = colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
    if (!std::all_of(port.begin(), port.end(), isDigit)) return std::nullopt;
    const bool isEmpty = port.empty();
    port.remove_prefix(std::min(port.find_first_not_of('0'), port.size()));
    if (port.empty() && !isEmpty) return std::nullopt;
    if (port.empty() || port == (scheme == "https" ? "443" : "80")) return host;
    return *host + ":" + std::string(port);
}

}  // namespace

std::optional<std::string> targetUri(std::string_view uri) {
    uri = uri.substr(0, uri.find_first_of("?#"));
    if (!std::all_of(uri.begin(), uri.end(), isOfUri)) return std::nullopt;
    const auto colon = uri.find("://");
    if (colon == std::string_view::npos) return std::nullopt;
    std::string scheme(uri.substr(0, colon));
    std::transform(scheme.begin(), scheme.end(), scheme.begin(), toLower);
    if (scheme != "https" && scheme != "http") return std::nullopt;
    uri.remove_prefix(colon + 3);
    const auto slash = std::min(uri.find('/'), uri.size());
    const auto authority = authorityOf(scheme, uri.substr(0, slash));
    const auto path = withNormalEscapes(uri.substr(slash));
    if (!authority || !path) return std::nullopt;
    return scheme + "://" + *authority + (path->empty() ? "/" : withoutDotSegments(*path));
}

}  // namespace changebank::security
