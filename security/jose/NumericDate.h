#pragma once

namespace changebank::security {

/// The largest NumericDate (RFC 7519 section 2: seconds since 1970) that we accept: the end of the year 9999.
inline constexpr double latestNumericDate = 253402300799.0;

}  // namespace changebank::security
