#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace changebank::daemon {

/// What to write instead of a setting of 0.1.0 that 1.0.0 no longer has, mostly as a line of a settings file
/// such as `log.target = syslog`; std::nullopt if 0.1.0 had no setting of that key either. The value appears
/// in the result only if it is a valid one there and short and printable ASCII, else a word such as PATH in
/// its place. docs/upgrading.md has the same as a table.
std::optional<std::string> replacementOf(std::string_view key, std::string_view value);

}  // namespace changebank::daemon
