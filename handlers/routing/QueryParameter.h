#pragma once

#include <string>
#include <string_view>
#include <variant>

namespace changebank::handlers {

/// Why a query parameter has no value.
enum class ParameterFault : unsigned char { missing, repeated };

/// The value of a query parameter, percent-decoded and with '+' as a space
/// (application/x-www-form-urlencoded). A percent sign without two hexadecimal digits is kept; a parameter
/// without '=' has an empty value.
std::variant<std::string, ParameterFault> queryParameter(std::string_view query, std::string_view name);

}  // namespace changebank::handlers
