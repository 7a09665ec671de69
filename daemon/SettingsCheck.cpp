#include "daemon/SettingsCheck.h"

#include <iostream>
#include <utility>
#include <variant>
#include <vector>

#include "daemon/ExitStatus.h"

namespace changebank::daemon {

CheckedSettings checkedSettings(const SettingsSources& sources) {
    CheckedSettings checked{readSettings(sources), nullptr};
    auto output = LogOutput::of(checked.reading.settings);
    if (auto* log = std::get_if<LogOutput::Ptr>(&output)) {
        checked.log = std::move(*log);
        return checked;
    }
    for (auto& fault : std::get<std::vector<LoggingFault>>(output))
        checked.reading.blame(fault.key, std::move(fault.why));
    return checked;
}

int reportFaults(const SettingsReading& reading, std::ostream& stream) {
    for (const auto& note : reading.notes)
        stream << "note: " << note << '\n';
    for (const auto& fault : reading.faults)
        stream << fault.toText() << '\n';
    return reading.good() ? exitOk : exitConfiguration;
}

int checkSettings(const SettingsSources& sources) {
    const auto reading = checkedSettings(sources).reading;
    if (reading.good()) std::cout << "The settings are good.\n";
    return reportFaults(reading, std::cerr);
}

}  // namespace changebank::daemon
