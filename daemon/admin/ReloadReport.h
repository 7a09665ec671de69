#pragma once

#include <Poco/JSON/Object.h>

#include <cstdint>
#include <string>

#include "changebank/daemon/service/ReloadOutcome.h"

namespace changebank::daemon {

/// The outcome of a reload: `{"reloaded":…,"at":…,"generation":…,"faults":[{"place","key","why"}…],
/// "notes":[…]}`. The generation is that of the settings that serve now.
Poco::JSON::Object reloadObject(const ReloadOutcome& outcome, std::uint64_t generation);
std::string reloadReport(const ReloadOutcome& outcome, std::uint64_t generation);

}  // namespace changebank::daemon
