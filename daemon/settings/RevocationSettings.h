#pragma once

#include <vector>

#include "changebank/daemon/settings/ParsedSettings.h"
#include "changebank/daemon/settings/SettingDefinition.h"

namespace changebank::daemon {

/// Adds the definitions of revocation.*.
void addRevocationSettings(std::vector<SettingDefinition>& table);

/// Checks the values of revocation.* with each other and reads their files; has issuers limit the life of
/// their tokens.
void checkRevocation(ParsedSettings& parsed);

}  // namespace changebank::daemon
