#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "changebank/daemon/settings/sources/SettingFault.h"

namespace changebank::daemon {

/// The outcome of a reload.
struct ReloadOutcome {
    std::chrono::system_clock::time_point time{};
    /// Why the old settings stay in effect; empty if the new ones took effect.
    std::vector<SettingFault> faults;
    /// Changes that cannot be applied without a restart, one line each.
    std::vector<std::string> notes;

    bool ok() const noexcept { return faults.empty(); }
};

}  // namespace changebank::daemon
