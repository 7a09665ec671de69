#pragma once

#include "changebank/daemon/settings/ParsedSettings.h"
#include "changebank/daemon/settings/sources/SettingsSources.h"

namespace changebank::daemon {

/// Reads and checks the settings from all sources and collects all faults: unknown, repeated and misspelt
/// keys, invalid values (even if a later source overrides them), invalid combinations, unreadable files. Does
/// not access the network.
ParsedSettings readSettings(const SettingsSources& sources);

}  // namespace changebank::daemon
