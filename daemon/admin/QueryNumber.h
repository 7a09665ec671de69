#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "changebank/daemon/settings/values/SettingType.h"

/// Reads the parameters of a request on the admin socket.
namespace changebank::daemon {

/// The value of a parameter, `other` if it is missing; or why it cannot be read.
std::variant<std::string, BadValue> queryText(std::string_view query, std::string_view name,
                                              std::string other = {});

/// A whole number in a range; `other` if it is missing.
std::variant<std::uint64_t, BadValue> queryNumber(std::string_view query, std::string_view name,
                                                  std::uint64_t other, const IntegerType& range);

}  // namespace changebank::daemon
