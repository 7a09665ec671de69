#pragma once

#include <optional>
#include <string>

namespace changebank::daemon {

/// Asks on the terminal for a line that is not shown while it is typed; std::nullopt where there is no
/// terminal or the input ends. The terminal is as before afterwards, also when a signal ends the program.
std::optional<std::string> askHidden(const std::string& prompt);

}  // namespace changebank::daemon
