#pragma once

#include <ostream>

#include "changebank/daemon/settings/SettingsReader.h"

namespace changebank::daemon {

/// Writes each note and each fault as a line. Returns exitConfiguration if there are faults, otherwise
/// exitOk.
int reportFaults(const ParsedSettings& parsed, std::ostream& stream);

/// Implements `changebankd --check` and `changebankctl check`: prints on standard output that the settings
/// are valid, or every fault on standard error. Returns the exit status.
int checkSettings(const SettingsSources& sources);

}  // namespace changebank::daemon
