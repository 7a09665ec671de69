#pragma once

#include <string>

#include "changebank/daemon/settings/ParsedSettings.h"

namespace changebank::daemon {

/// The settings in effect, in the order of the definitions: `{"settings":[{"key","value","from"}…]}`.
std::string configReport(const ParsedSettings& parsed);

}  // namespace changebank::daemon
