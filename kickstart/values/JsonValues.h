#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "changebank/base/text/Json.h"

namespace changebank::kickstart {

/// A string as a JSON value. Json's own constructor would convert a string literal to a boolean.
inline Json jsonText(std::string_view value) {
    return Json(std::string(value));
}

/// An integer as a JSON value.
inline Json jsonInteger(std::int64_t value) {
    return Json(Json::Number{std::to_string(value)});
}

/// An array of strings as a JSON value.
template <typename Texts>
Json jsonTexts(const Texts& values) {
    Json::Array elements;
    for (const auto& value : values) {
        elements.push_back(jsonText(value));
    }
    return Json(std::move(elements));
}

}  // namespace changebank::kickstart
