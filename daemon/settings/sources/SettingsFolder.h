#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "changebank/daemon/settings/sources/SettingFault.h"

namespace changebank::daemon {

/// The maximum number of pieces in a folder of settings.
inline constexpr std::size_t maxSettingsPieces = 1'000;

/// What of a folder of settings must be there.
enum class Pieces : unsigned char {
    required,  ///< The folder, and all its pieces are readable.
    optional,  ///< The same, but there may be no folder.
    readable,  ///< What this user may not read is left out: for tools of others than the daemon's user.
};

/// The paths of the pieces of settings in a folder: all names that end in `.properties` and do not begin with
/// a dot, in the order of their bytes. Other files, such as README, `x.properties~`, `x.properties.dpkg-old`
/// or `x.properties.rpmnew`, are skipped, and folders in it are not searched. Adds a fault if the folder
/// cannot be read or has more than maxSettingsPieces, and then returns none.
std::vector<std::string> settingsPieces(const std::string& folder, Pieces needed,
                                        std::vector<SettingFault>& faults);

}  // namespace changebank::daemon
