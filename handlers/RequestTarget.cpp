#include "handlers/RequestTarget.h"

#include <algorithm>

#include "security/Ascii.h"

namespace changebank::handlers {

namespace {

using security::hexDigitValue;

std::string decode(std::string_view text) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int high = i + 2 < text.size() ? hexDigitValue(text[i + 1]) : -1;
        const int low = high >= 0 ? hexDigitValue(text[i + 2]) : -1;
        if (text[i] == '%' && low >= 0) {
            decoded += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            decoded += text[i] == '+' ? ' ' : text[i];
        }
    }
    return decoded;
}

/// Takes scheme and authority off the absolute form.
std::string_view withoutAuthority(std::string_view target) {
    if (target.empty() || target.front() == '/') return target;
    const auto authority = target.find("://");
    if (authority == std::string_view::npos) return target;
    const auto path = target.find_first_of("/?", authority + 3);
    return path == std::string_view::npos ? "/" : target.substr(path);
}

std::string normalised(std::string_view path) {
    const auto length = path.size();
    if (length > 1 && path[length - 1] == '/' && path[length - 2] != '/') path.remove_suffix(1);
    std::string text(path);
    std::transform(text.begin(), text.end(), text.begin(), security::toLower);
    return text;
}

}  // namespace

RequestTarget::RequestTarget(std::string_view target) {
    target = withoutAuthority(target);
    const auto mark = target.find('?');
    _path = normalised(target.substr(0, mark));
    if (mark != std::string_view::npos) _query = target.substr(mark + 1);
}

std::optional<std::string> RequestTarget::sole(std::string_view parameter) const {
    std::optional<std::string> value;
    std::string_view rest = _query;
    while (!rest.empty()) {
        const auto field = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(field.size() + 1, rest.size()));
        const auto equals = field.find('=');
        if (decode(field.substr(0, equals)) != parameter) continue;
        if (value) return std::nullopt;
        value = equals == std::string_view::npos ? std::string{} : decode(field.substr(equals + 1));
    }
    return value;
}

}  // namespace changebank::handlers
