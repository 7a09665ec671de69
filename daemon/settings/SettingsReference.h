#pragma once

#include <string>

/// Every setting described for people, made of the definitions, so that documents cannot drift from them.
namespace changebank::daemon {

/// The manual page changebank.properties(5), in man(7).
std::string settingsManualPage();

/// docs/settings.md.
std::string settingsTable();

}  // namespace changebank::daemon
