#pragma once

#include <vector>

#include "changebank/daemon/settings/ParsedSettings.h"
#include "changebank/daemon/settings/SettingDefinition.h"

namespace changebank::daemon {

/// Adds the definitions of decision.token.*.
void addDecisionTokenSettings(std::vector<SettingDefinition>& table);

/// Checks the values of decision.token.* with each other and reads the keys.
void checkDecisionToken(ParsedSettings& parsed);

}  // namespace changebank::daemon
