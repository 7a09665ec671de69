#pragma once

#include <string>

#include "changebank/daemon/settings/Settings.h"

namespace changebank::daemon {

/// What to log and to show while issuer and audience are the defaults, which are the kickstart's; otherwise
/// empty.
std::string developmentWarning(const Settings& settings);

}  // namespace changebank::daemon
