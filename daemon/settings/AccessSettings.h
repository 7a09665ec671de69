#pragma once

#include <vector>

#include "changebank/daemon/settings/ParsedSettings.h"
#include "changebank/daemon/settings/SettingDefinition.h"

namespace changebank::daemon {

/// Adds the definitions of server.resource*.
void addResourceSettings(std::vector<SettingDefinition>& table);

/// Adds the definitions of roles.* and access.*.
void addAccessSettings(std::vector<SettingDefinition>& table);

/// Makes the resources discoverable, and accepts tokens for them.
void checkResources(ParsedSettings& parsed);

/// Makes the rules of the routes from the roles where access.* does not set them.
void checkAccess(ParsedSettings& parsed);

}  // namespace changebank::daemon
