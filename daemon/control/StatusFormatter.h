#pragma once

#include <string>

#include "changebank/base/text/Json.h"

/// The daemon's answers on the admin socket as text for people. Members that are missing or of another kind
/// count as none; texts in which control characters came are escaped.
namespace changebank::daemon {

/// GET /status.
std::string formatStatus(const Json& status);

/// POST /reload, where it succeeded.
std::string formatReload(const Json& outcome);

/// The faults of a reload, `PLACE: KEY: WHY` a line.
std::string formatFaults(const Json& outcome);

/// GET /keys.
std::string formatKeys(const Json& keys);

/// GET /config, as a properties file.
std::string formatConfig(const Json& config);

/// PUT /log-level.
std::string formatLogLevel(const Json& answer);

}  // namespace changebank::daemon
