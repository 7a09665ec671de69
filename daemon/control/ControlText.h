#pragma once

#include <string>

#include "changebank/base/text/Json.h"

/// The daemon's answers on the admin socket as text for people. Members that are missing or of another kind
/// count as none; texts in which control characters came are escaped.
namespace changebank::daemon {

/// GET /status.
std::string statusText(const Json& status);

/// POST /reload, where it succeeded.
std::string reloadText(const Json& outcome);

/// The faults of a reload, `PLACE: KEY: WHY` a line.
std::string faultLines(const Json& outcome);

/// GET /keys.
std::string keysText(const Json& keys);

/// GET /config, as a properties file.
std::string configText(const Json& config);

/// PUT /log-level.
std::string logLevelText(const Json& answer);

}  // namespace changebank::daemon
