#include "daemon/SettingsCheck.h"

#include <iostream>
#include <string>
#include <utility>
#include <variant>

#include "daemon/ExitStatus.h"

namespace changebank::daemon {

CheckedSettings checkedSettings(const SettingsSources& sources) {
    CheckedSettings checked{readSettings(sources), nullptr};
    auto output = LogOutput::of(checked.reading.settings);
    if (auto* why = std::get_if<std::string>(&output)) {
        checked.reading.faults.push_back(
            {sources.file.empty() ? "--define" : sources.file, "logging.*", std::move(*why)});
    } else {
        checked.log = std::get<LogOutput::Ptr>(std::move(output));
    }
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
