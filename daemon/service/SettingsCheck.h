#pragma once

#include <ostream>

#include "changebank/daemon/settings/SettingsReader.h"

namespace changebank::daemon {

/// Writes each note and each fault as a line. Returns exitConfiguration if there are any, else exitOk.
int reportFaults(const ParsedSettings& parsed, std::ostream& stream);

/// What `changebankd --check` and `changebankctl check` do: says on standard output that the settings are
/// good, or names every fault on standard error. Returns the exit status.
int checkSettings(const SettingsSources& sources);

}  // namespace changebank::daemon
