#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "security/Json.h"

namespace changebank::kickstart {

/// A text as a JSON value. Json's own constructor would take a string literal for a boolean.
inline security::Json jsonText(std::string_view value) {
    return security::Json(std::string(value));
}

/// An integer as a JSON value.
inline security::Json jsonInteger(std::int64_t value) {
    return security::Json(security::Json::Number{std::to_string(value)});
}

/// An array of texts as a JSON value.
template <typename Texts>
security::Json jsonTexts(const Texts& values) {
    security::Json::Array elements;
    for (const auto& value : values) {
        elements.push_back(jsonText(value));
    }
    return security::Json(std::move(elements));
}

}  // namespace changebank::kickstart
