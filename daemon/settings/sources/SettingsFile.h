#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "changebank/daemon/settings/sources/SettingFault.h"

namespace changebank::daemon {

/// The maximum size of a properties file, in bytes.
inline constexpr std::size_t maxSettingsFileBytes = std::size_t{1024} * 1024;

/// The text of a properties file, which must be UTF-8; a byte order mark at its beginning is left out. Adds a
/// fault if it cannot be read or has another encoding, which the fault names, and then returns an empty text;
/// adds one for each line with other bytes or with NUL, and empties that line.
std::string readSettingsFile(const std::string& path, std::vector<SettingFault>& faults);

}  // namespace changebank::daemon
