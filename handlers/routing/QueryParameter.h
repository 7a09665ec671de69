#pragma once

#include <string>
#include <string_view>
#include <variant>

namespace changebank::handlers {

/// Why a parameter of a query has no value.
enum class ParameterFault : unsigned char { missing, repeated };

/// The value of a parameter of a query, percent-decoded and with '+' read as a space
/// (application/x-www-form-urlencoded). A percent sign without two hexadecimal digits stays as it is; a
/// parameter without '=' has an empty value.
std::variant<std::string, ParameterFault> queryParameter(std::string_view query, std::string_view name);

}  // namespace changebank::handlers
