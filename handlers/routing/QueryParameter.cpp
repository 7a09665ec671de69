#include "changebank/handlers/routing/QueryParameter.h"

#include <algorithm>

#include "changebank/base/text/Ascii.h"

namespace changebank::handlers {

namespace {

std::string decode(std::string_view text) {
    // Most have nothing to decode.
    const auto* first = std::find_if(text.begin(), text.end(), [](char c) { return c == '%' || c == '+'; });
    std::string decoded(text.begin(), first);
    for (auto i = decoded.size(); i < text.size(); ++i) {
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

}  // namespace

std::variant<std::string, ParameterFault> queryParameter(std::string_view query, std::string_view name) {
    std::variant<std::string, ParameterFault> value = ParameterFault::missing;
    while (!query.empty()) {
        const auto field = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(field.size() + 1, query.size()));
        const auto equals = field.find('=');
        if (decode(field.substr(0, equals)) != name) continue;
        if (std::holds_alternative<std::string>(value)) return ParameterFault::repeated;
        value = equals == std::string_view::npos ? std::string{} : decode(field.substr(equals + 1));
    }
    return value;
}

}  // namespace changebank::handlers
