#pragma once

#include <string>
#include <vector>

namespace changebank::daemon {

/// `changebankctl decide METHOD PATH [TOKEN|-]`: asks a running daemon how its decision endpoint would decide
/// about a request, and why. Returns the exit status, see ControlCommand.h: 0 if the request is allowed, 1 if
/// it is refused, 78 if the settings have no rules. The token is sent to the daemon and shown nowhere.
int runDecideCommand(const std::vector<std::string>& arguments);

}  // namespace changebank::daemon
