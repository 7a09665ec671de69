#pragma once

#include "daemon/SettingsReader.h"

namespace changebank::daemon {

/// Where a tool that is no daemon takes its settings from: the daemon's own file if this user may read it,
/// and the environment.
SettingsSources toolSources();

}  // namespace changebank::daemon
