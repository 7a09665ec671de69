#include "changebank/security/token/ClaimPath.h"

#include <algorithm>

namespace changebank::security {

namespace {

/// Cuts the first name, which ends at a point outside quotation marks, from the text, with the point.
/// std::nullopt if it is empty or its quotation marks are not in pairs around it.
std::optional<std::string> cutName(std::string_view& text) {
    const bool isQuoted = text.starts_with('"');
    if (isQuoted) text.remove_prefix(1);
    const auto end = std::min(text.find(isQuoted ? '"' : '.'), text.size());
    std::string name(text.substr(0, end));
    text.remove_prefix(end);
    if (isQuoted) {
        if (text.empty()) return std::nullopt;
        text.remove_prefix(1);
    }
    if (name.empty() || (!isQuoted && name.find('"') != std::string::npos)) return std::nullopt;
    return name;
}

}  // namespace

std::optional<ClaimPath> ClaimPath::parse(std::string_view text) {
    ClaimPath path;
    path._text = text;
    if (text.find("://") != std::string_view::npos) {
        path._names.emplace_back(text);
        return path;
    }
    for (;;) {
        auto name = cutName(text);
        if (!name) return std::nullopt;
        path._names.push_back(std::move(*name));
        if (text.empty()) return path;
        if (text.front() != '.') return std::nullopt;
        text.remove_prefix(1);
    }
}

const Json* ClaimPath::in(const Json& claims) const noexcept {
    const Json* value = &claims;
    for (const auto& name : _names) {
        value = value->find(name);
        if (value == nullptr) return nullptr;
    }
    return value;
}

std::vector<std::string> namesIn(const Json* claim, ClaimList form) {
    std::vector<std::string> names;
    if (claim == nullptr) return names;
    if (const auto* values = claim->array()) {
        for (const auto& value : *values) {
            if (value.string()) names.push_back(*value.string());
        }
    } else if (const auto* text = claim->string(); text != nullptr && form == ClaimList::name) {
        names.push_back(*text);
    } else if (text != nullptr && form == ClaimList::text) {
        for (std::size_t begin = 0; begin < text->size();) {
            const auto end = std::min(text->find(' ', begin), text->size());
            if (end > begin) names.push_back(text->substr(begin, end - begin));
            begin = end + 1;
        }
    }
    return names;
}

}  // namespace changebank::security
