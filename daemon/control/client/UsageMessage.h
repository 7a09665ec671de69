#pragma once

#include <string>
#include <string_view>

namespace changebank::daemon {

/// Prints a usage error of a changebankctl command on standard error, with a hint to its help. Returns the
/// exit status.
int reportUsage(std::string_view command, const std::string& why);

}  // namespace changebank::daemon
