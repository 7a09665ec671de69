#pragma once

#include <vector>

#include "changebank/daemon/settings/ParsedSettings.h"
#include "changebank/daemon/settings/SettingDefinition.h"

namespace changebank::daemon {

/// Adds the definitions of trace.*.
void addTraceSettings(std::vector<SettingDefinition>& table);

/// Checks them with each other and reads the file of fields.
void checkTraces(ParsedSettings& parsed);

}  // namespace changebank::daemon
