#pragma once

#include <string>
#include <vector>

namespace changebank::daemon {

/// `changebankctl revocations`: lists the revocations in effect in a running daemon, all or those of an id.
/// Returns the exit status, see ControlCommand.h: 78 if revocation is off.
int runRevocationsCommand(const std::vector<std::string>& arguments);

}  // namespace changebank::daemon
