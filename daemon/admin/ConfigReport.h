#pragma once

#include <string>

#include "changebank/daemon/settings/SettingsReader.h"

namespace changebank::daemon {

/// The settings in effect: `{"settings":[{"key","value","from"}…]}`, secrets masked as in
/// effectiveSettings().
std::string configReport(const ParsedSettings& parsed);

}  // namespace changebank::daemon
