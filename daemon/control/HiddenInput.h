#pragma once

#include <optional>
#include <string>

namespace changebank::daemon {

/// Prompts on the terminal for a line without echo; std::nullopt without a terminal or at the end of the
/// input. Restores the terminal, also when a signal ends the program.
std::optional<std::string> askHidden(const std::string& prompt);

}  // namespace changebank::daemon
