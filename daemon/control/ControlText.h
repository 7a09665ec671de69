#pragma once

#include <string>

#include "security/Json.h"

/// The daemon's answers on the admin socket as text for people. Members that are missing or of another kind
/// count as none; texts in which control characters came are escaped.
namespace changebank::daemon {

/// GET /status.
std::string statusText(const security::Json& status);

/// POST /reload, where it succeeded.
std::string reloadText(const security::Json& outcome);

/// The faults of a reload, `PLACE: KEY: WHY` a line.
std::string faultLines(const security::Json& outcome);

/// GET /keys.
std::string keysText(const security::Json& keys);

/// GET /config, as a properties file.
std::string configText(const security::Json& config);

/// PUT /log-level.
std::string logLevelText(const security::Json& answer);

}  // namespace changebank::daemon
