#pragma once

#include <ostream>
#include <string>

#include "changebank/daemon/settings/ParsedSettings.h"
#include "changebank/daemon/settings/sources/SettingsSources.h"

namespace changebank::daemon {

/// Writes each note, as a warning, and each fault as a line. Returns exitConfiguration if there are faults,
/// otherwise exitOk.
int reportFaults(const ParsedSettings& parsed, std::ostream& stream);

/// Adds a fault for each address that stops a start even if it is free (faultOfAddress()). A start finds
/// them when it opens its sockets.
void checkListeners(ParsedSettings& parsed);

/// Adds a fault if a start could not read the file of revocations.
void checkRevocationFile(ParsedSettings& parsed);

/// Implements `changebankd --check` and `changebankctl check`: prints on standard output that the settings
/// are valid, or every fault on standard error; every warning, too. `pidFile` is the path of --pidfile, empty
/// for none. Creates and changes nothing. Returns the exit status.
int checkSettings(const SettingsSources& sources, const std::string& pidFile = {});

}  // namespace changebank::daemon
