#pragma once

#include <vector>

#include "changebank/daemon/settings/ParsedSettings.h"
#include "changebank/daemon/settings/SettingDefinition.h"

namespace changebank::daemon {

/// Adds the definitions of limit.*.
void addLimitSettings(std::vector<SettingDefinition>& table);

/// Checks the values of limit.* with each other and with the rest.
void checkLimits(ParsedSettings& parsed);

}  // namespace changebank::daemon
