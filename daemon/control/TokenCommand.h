#pragma once

#include <string>
#include <vector>

#include "changebank/daemon/process/ExitStatus.h"

namespace changebank::daemon {

/// `changebankctl token inspect|verify|prove`, without a daemon. Values not on the command line (issuer,
/// audience, algorithms, key set) come from the settings of changebankd. Returns 0 if every token is valid
/// (inspect: readable), 1 otherwise, 64 on a usage error, 69 if the key set is unreachable, 78 if the
/// settings have faults.
int runTokenCommand(const std::vector<std::string>& arguments);

}  // namespace changebank::daemon
