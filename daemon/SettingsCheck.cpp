#include "daemon/SettingsCheck.h"

#include <iostream>
#include <utility>

#include "daemon/ExitStatus.h"
#include "daemon/Logging.h"

namespace changebank::daemon {

SettingsReading checkedSettings(const SettingsSources& sources) {
    auto reading = readSettings(sources);
    if (auto why = faultOfLogging(reading.settings)) {
        reading.faults.push_back(
            {sources.file.empty() ? "--define" : sources.file, "logging.*", std::move(*why)});
    }
    return reading;
}

int reportFaults(const SettingsReading& reading, std::ostream& stream) {
    for (const auto& fault : reading.faults)
        stream << fault.toText() << '\n';
    return reading.good() ? exitOk : exitConfiguration;
}

int checkSettings(const SettingsSources& sources) {
    const auto reading = checkedSettings(sources);
    if (reading.good()) std::cout << "The settings are good.\n";
    return reportFaults(reading, std::cerr);
}

}  // namespace changebank::daemon
