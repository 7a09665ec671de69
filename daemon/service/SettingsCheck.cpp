#include "changebank/daemon/service/SettingsCheck.h"

#include <algorithm>
#include <iostream>
#include <utility>

#include "changebank/daemon/listeners/AddressCheck.h"
#include "changebank/daemon/process/ExitStatus.h"
#include "changebank/daemon/revocation/RevocationFile.h"
#include "changebank/daemon/settings/SettingsReader.h"
#include "changebank/daemon/settings/files/FileAccess.h"

namespace changebank::daemon {

int reportFaults(const ParsedSettings& parsed, std::ostream& stream) {
    for (const auto& note : parsed.notes)
        stream << "warning: " << note << '\n';
    for (const auto& fault : parsed.faults)
        stream << fault.toText() << '\n';
    return parsed.ok() ? exitOk : exitConfiguration;
}

void checkListeners(ParsedSettings& parsed) {
    for (const auto purpose : listenerPurposes) {
        if (mayBeMissing(purpose, parsed.settings)) continue;
        if (auto fault = faultOfAddress(purpose, parsed.settings))
            parsed.addFault(fault->key, std::move(fault->why));
    }
}

void checkRevocationFile(ParsedSettings& parsed) {
    constexpr auto key = "revocation.file";
    const auto& path = parsed.settings.revocation.file;
    const auto isFaulty = [&](const SettingFault& known) { return known.key == key; };
    if (std::any_of(parsed.faults.begin(), parsed.faults.end(), isFaulty)) return;
    if (auto fault = path.empty() ? std::nullopt : RevocationFile::check(path))
        parsed.addFault(key, std::move(fault->why));
}

int checkSettings(const SettingsSources& sources, const std::string& pidFile) {
    auto parsed = readSettings(sources);
    checkListeners(parsed);
    checkRevocationFile(parsed);
    if (auto why = pidFile.empty() ? std::nullopt : faultOfAppending(pidFile))
        parsed.faults.push_back({"--pidfile", "", std::move(*why)});
    if (parsed.ok()) std::cout << "The settings are good.\n";
    return reportFaults(parsed, std::cerr);
}

}  // namespace changebank::daemon
