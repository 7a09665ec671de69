#include "kickstart/oauth/FormData.h"

#include <Poco/Exception.h>
#include <Poco/URI.h>

#include <algorithm>

#include "security/Utf8.h"

namespace changebank::kickstart {

namespace {

std::optional<std::string> decode(std::string_view text) {
    std::string escaped(text);
    std::replace(escaped.begin(), escaped.end(), '+', ' ');
    std::string decoded;
    try {
        Poco::URI::decode(escaped, decoded);
    } catch (const Poco::URISyntaxException&) {
        return std::nullopt;
    }
    if (!security::isUtf8(decoded)) return std::nullopt;
    return decoded;
}

/// Everything but the unreserved characters of RFC 3986 is escaped.
std::string encode(const std::string& text) {
    static const std::string reserved = "!\"#$%&'()*+,/:;<=>?@[\\]^`{|}";
    std::string encoded;
    Poco::URI::encode(text, reserved, encoded);
    return encoded;
}

}  // namespace

std::optional<FormData> FormData::parse(std::string_view text) {
    FormData data;
    while (!text.empty()) {
        const auto field = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(field.size() + 1, text.size()));
        if (field.empty()) continue;
        const auto equals = field.find('=');
        auto name = decode(field.substr(0, equals));
        auto value = decode(equals == std::string_view::npos ? "" : field.substr(equals + 1));
        if (!name || !value || data._fields.size() == maxFields) return std::nullopt;
        data._fields.emplace_back(std::move(*name), std::move(*value));
    }
    return data;
}

const std::string* FormData::find(std::string_view name) const {
    for (const auto& [known, value] : _fields) {
        if (known == name && !value.empty()) return &value;
    }
    return nullptr;
}

std::string FormData::text(std::string_view name) const {
    const auto* value = find(name);
    return value ? *value : std::string();
}

const std::string* FormData::repeated() const {
    for (auto field = _fields.begin(); field != _fields.end(); ++field) {
        const bool again = std::any_of(_fields.begin(), field,
                                       [&](const auto& earlier) { return earlier.first == field->first; });
        if (again && field->first != "resource") return &field->first;
    }
    return nullptr;
}

void FormData::add(std::string name, std::string value) {
    if (!value.empty()) _fields.emplace_back(std::move(name), std::move(value));
}

std::string FormData::toText() const {
    std::string text;
    for (const auto& [name, value] : _fields) {
        if (!text.empty()) text += '&';
        text += encode(name) + '=' + encode(value);
    }
    return text;
}

std::string withQuery(const std::string& url, const FormData& parameters) {
    const auto query = parameters.toText();
    if (query.empty()) return url;
    const auto hash = std::min(url.find('#'), url.size());
    const auto mark = url.find('?');
    const char* separator = "?";
    if (mark < hash) separator = mark + 1 == hash || url[hash - 1] == '&' ? "" : "&";
    return url.substr(0, hash) + separator + query + url.substr(hash);
}

}  // namespace changebank::kickstart
