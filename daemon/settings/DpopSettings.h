#pragma once

#include <vector>

#include "changebank/daemon/settings/ParsedSettings.h"
#include "changebank/daemon/settings/SettingDefinition.h"

namespace changebank::daemon {

/// Adds the definitions of auth.dpop.*.
void addDpopSettings(std::vector<SettingDefinition>& table);

/// Checks them with each other and with the rest, tells clients how to make proofs, and reads the secret of
/// the nonces.
void checkDpop(ParsedSettings& parsed);

}  // namespace changebank::daemon
