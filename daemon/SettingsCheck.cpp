#include "daemon/SettingsCheck.h"

#include <algorithm>
#include <iostream>
#include <string>
#include <utility>
#include <variant>

#include "daemon/ExitStatus.h"

namespace changebank::daemon {

namespace {

/// Whether POCO's words are about a setting: they name its value, or the last part of its key.
bool isAbout(const std::string& why, const std::string& key, const std::string& value) {
    return (!value.empty() && why.find(value) != std::string::npos) ||
           why.ends_with(": " + key.substr(key.rfind('.') + 1));
}

/// POCO says what is wrong with the section `logging.*`, but not with which of its settings.
void blameLogging(SettingsReading& reading, std::string why) {
    const auto& section = reading.settings.logging;
    const auto found = std::find_if(section.begin(), section.end(), [&](const auto& setting) {
        return isAbout(why, setting.first, setting.second);
    });
    if (found == section.end()) {
        reading.faults.push_back({"settings", "logging.*", std::move(why)});
    } else {
        reading.blame(found->first, std::move(why));
    }
}

}  // namespace

CheckedSettings checkedSettings(const SettingsSources& sources) {
    CheckedSettings checked{readSettings(sources), nullptr};
    auto output = LogOutput::of(checked.reading.settings);
    if (auto* why = std::get_if<std::string>(&output)) {
        blameLogging(checked.reading, std::move(*why));
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
