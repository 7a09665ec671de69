#pragma once

#include <ostream>

#include "daemon/LogOutput.h"
#include "daemon/SettingsReader.h"

namespace changebank::daemon {

/// Settings that were read and checked, and what came out of trying their logging.
struct CheckedSettings {
    SettingsReading reading;
    /// Where messages would go; nullptr if the logging settings have faults.
    LogOutput::Ptr log;
};

/// Reads the settings and finds everything that can be found wrong without listening. Sets POCO's loggers up
/// by them, but not what this process logs to.
CheckedSettings checkedSettings(const SettingsSources& sources);

/// Writes each note and each fault as a line. Returns exitConfiguration if there are any, else exitOk.
int reportFaults(const SettingsReading& reading, std::ostream& stream);

/// What `changebankd --check` and `changebankctl check` do: says on standard output that the settings are
/// good, or names every fault on standard error. Returns the exit status.
int checkSettings(const SettingsSources& sources);

}  // namespace changebank::daemon
