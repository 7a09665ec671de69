#pragma once

#include <vector>

#include "changebank/daemon/settings/ParsedSettings.h"
#include "changebank/daemon/settings/SettingDefinition.h"

namespace changebank::daemon {

/// Adds the definitions of page.*.
void addPageSettings(std::vector<SettingDefinition>& table);

/// Checks the URLs of page.*, and derives those of the login from the issuer.
void checkPage(ParsedSettings& parsed);

}  // namespace changebank::daemon
