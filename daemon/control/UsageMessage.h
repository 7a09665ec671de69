#pragma once

#include <string>
#include <string_view>

namespace changebank::daemon {

/// Says on standard error what is wrong with the arguments of a command of changebankctl, and where its help
/// is. Returns the exit status.
int reportUsage(std::string_view command, const std::string& why);

}  // namespace changebank::daemon
