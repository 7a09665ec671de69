#pragma once

#include <functional>
#include <string>
#include <vector>

namespace changebank::daemon {

/// `changebankctl denials`: shows the last refused requests of a running daemon; with --follow, also each one
/// from then on. Returns the exit status, see ControlCommand.h.
int runDenialsCommand(const std::vector<std::string>& arguments);

/// Prints the last `lines` denials, then new ones, each time that wait() returns true. As JSON: one object on
/// each line. A restart of the daemon is said on standard error. Returns the exit status.
int followDenials(const std::string& socketPath, unsigned lines, bool asJson,
                  const std::function<bool()>& wait);

}  // namespace changebank::daemon
