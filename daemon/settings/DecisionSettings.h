#pragma once

#include <vector>

#include "changebank/daemon/settings/SettingDefinition.h"
#include "changebank/daemon/settings/SettingsReader.h"

namespace changebank::daemon {

/// Adds the definitions of decision.*, with a decision.rule.N for each of the numbers.
void addDecisionSettings(std::vector<SettingDefinition>& table, const std::vector<unsigned>& rules);

/// Checks the values of decision.* with each other and with the rest.
void checkDecision(ParsedSettings& parsed);

}  // namespace changebank::daemon
