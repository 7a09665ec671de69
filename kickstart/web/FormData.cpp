#include "changebank/kickstart/web/FormData.h"

#include <Poco/Exception.h>

#include <algorithm>

#include "changebank/base/text/Utf8.h"

namespace changebank::kickstart {

std::optional<FormData> FormData::parse(const std::string& text) {
    FormData data;
    try {
        Poco::URI uri;
        uri.setRawQuery(text);
        data._fields = uri.getQueryParameters();
    } catch (const Poco::URISyntaxException&) {
        return std::nullopt;
    }
    const bool isText = std::all_of(data._fields.begin(), data._fields.end(), [](const auto& field) {
        return isUtf8(field.first) && isUtf8(field.second);
    });
    if (!isText || data._fields.size() > maxFields) return std::nullopt;
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

std::vector<std::string> FormData::all(std::string_view name) const {
    std::vector<std::string> values;
    for (const auto& [known, value] : _fields) {
        if (known != name || value.empty()) continue;
        if (std::find(values.begin(), values.end(), value) == values.end()) values.push_back(value);
    }
    return values;
}

const std::string* FormData::repeated() const {
    for (auto field = _fields.begin(); field != _fields.end(); ++field) {
        const auto& name = field->first;
        const bool again =
            std::any_of(_fields.begin(), field, [&](const auto& earlier) { return earlier.first == name; });
        if (again && !name.empty() && name != "resource") return &name;
    }
    return nullptr;
}

void FormData::add(std::string name, std::string value) {
    if (!value.empty()) _fields.emplace_back(std::move(name), std::move(value));
}

std::string FormData::toText() const {
    Poco::URI uri;
    uri.setQueryParameters(_fields);
    return uri.getRawQuery();
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
