#pragma once

#include <string>
#include <vector>

#include "changebank/daemon/process/ExitStatus.h"

namespace changebank::daemon {

/// `changebankctl token inspect|verify`, without a daemon. What the command line does not say (issuer,
/// audience, algorithms, key set) is taken from the settings that changebankd would serve by. Returns 0 if
/// every token is valid (inspect: readable), 1 if any is not, 64 on wrong usage, 69 if the key set's address
/// does not answer, 78 if the settings have faults.
int runTokenCommand(const std::vector<std::string>& arguments);

}  // namespace changebank::daemon
