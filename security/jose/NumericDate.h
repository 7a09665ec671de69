#pragma once

#include <cmath>
#include <optional>

#include "changebank/base/text/Json.h"

namespace changebank::security {

/// The largest NumericDate (RFC 7519 section 2: seconds since 1970) that we accept: the end of the year 9999.
inline constexpr double latestNumericDate = 253402300799.0;

/// The value as a NumericDate; std::nullopt if it is not a number, or one whose absolute value is above the
/// latest.
inline std::optional<double> numericDateOf(const Json& value) {
    const auto* number = value.number();
    const auto seconds = number ? std::optional(number->value()) : std::nullopt;
    return seconds && std::abs(*seconds) <= latestNumericDate ? seconds : std::nullopt;
}

}  // namespace changebank::security
