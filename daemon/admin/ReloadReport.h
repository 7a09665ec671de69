#pragma once

#include <Poco/JSON/Object.h>

#include <cstdint>
#include <string>

#include "changebank/daemon/service/ReloadOutcome.h"

namespace changebank::daemon {

/// The outcome of a reload: `{"reloaded":…,"at":…,"generation":…,"faults":[{"place","key","why"}…],
/// "notes":[…]}`. `generation` is that of the settings in effect.
Poco::JSON::Object reloadObject(const ReloadOutcome& outcome, std::uint64_t generation);
std::string reloadReport(const ReloadOutcome& outcome, std::uint64_t generation);

}  // namespace changebank::daemon
