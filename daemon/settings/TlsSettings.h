#pragma once

#include <vector>

#include "changebank/daemon/settings/ParsedSettings.h"
#include "changebank/daemon/settings/SettingDefinition.h"

namespace changebank::daemon {

/// Adds the definitions of server.tls.*.
void addTlsSettings(std::vector<SettingDefinition>& table);

/// Checks that certificate and key are both set and usable, and makes ParsedSettings::tls.
void checkTls(ParsedSettings& parsed);

}  // namespace changebank::daemon
