#pragma once

#include <string>
#include <vector>

namespace changebank::daemon {

/// `changebankctl top`: shows what a running daemon is doing, again and again on a terminal until somebody
/// presses q, else once. Returns the exit status, see ControlCommand.h.
int runTopCommand(const std::vector<std::string>& arguments);

}  // namespace changebank::daemon
