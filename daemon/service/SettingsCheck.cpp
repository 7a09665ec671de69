#include "changebank/daemon/service/SettingsCheck.h"

#include <iostream>

#include "changebank/daemon/process/ExitStatus.h"

namespace changebank::daemon {

int reportFaults(const ParsedSettings& parsed, std::ostream& stream) {
    for (const auto& note : parsed.notes)
        stream << "note: " << note << '\n';
    for (const auto& fault : parsed.faults)
        stream << fault.toText() << '\n';
    return parsed.ok() ? exitOk : exitConfiguration;
}

int checkSettings(const SettingsSources& sources) {
    const auto parsed = readSettings(sources);
    if (parsed.ok()) std::cout << "The settings are good.\n";
    return reportFaults(parsed, std::cerr);
}

}  // namespace changebank::daemon
