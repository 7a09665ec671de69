#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "changebank/daemon/settings/SettingFault.h"

namespace changebank::daemon {

/// What became of reading the settings anew.
struct ReloadOutcome {
    std::chrono::system_clock::time_point time{};
    /// Why the old settings serve on; empty: the new ones serve.
    std::vector<SettingFault> faults;
    /// What the new settings say and what cannot be done without a restart, one line each.
    std::vector<std::string> notes;

    bool ok() const noexcept { return faults.empty(); }
};

}  // namespace changebank::daemon
