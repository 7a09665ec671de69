#include "changebank/daemon/service/SettingsCheck.h"

#include <iostream>

#include "changebank/daemon/process/ExitStatus.h"

namespace changebank::daemon {

int reportFaults(const SettingsReading& reading, std::ostream& stream) {
    for (const auto& note : reading.notes)
        stream << "note: " << note << '\n';
    for (const auto& fault : reading.faults)
        stream << fault.toText() << '\n';
    return reading.good() ? exitOk : exitConfiguration;
}

int checkSettings(const SettingsSources& sources) {
    const auto reading = readSettings(sources);
    if (reading.good()) std::cout << "The settings are good.\n";
    return reportFaults(reading, std::cerr);
}

}  // namespace changebank::daemon
