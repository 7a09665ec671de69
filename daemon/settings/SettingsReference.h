#pragma once

#include <string>

/// The reference of all settings, generated from the definitions.
namespace changebank::daemon {

/// The manual page changebank.properties(5), in man(7).
std::string settingsManualPage();

/// docs/settings.md.
std::string settingsTable();

}  // namespace changebank::daemon
