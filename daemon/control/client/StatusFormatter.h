#pragma once

#include <string>

#include "changebank/base/text/Json.h"

/// Formats the daemon's responses on the admin socket for people. Missing or mistyped members count as empty;
/// control characters are escaped.
namespace changebank::daemon {

/// `NAME VALUE` of each member above zero, in order; "none" if there is none.
std::string formatCounts(const Json::Object& members);

/// How many keys of an issuer there are, and how old they are.
std::string formatKeySummary(const Json& keys);

/// GET /status.
std::string formatStatus(const Json& status);

/// POST /reload, after success.
std::string formatReload(const Json& outcome);

/// The faults of a reload, as lines of `PLACE: KEY: WHY`.
std::string formatFaults(const Json& outcome);

/// GET /keys.
std::string formatKeys(const Json& keys);

/// GET /config, as a properties file.
std::string formatConfig(const Json& config);

/// PUT /log-level.
std::string formatLogLevel(const Json& answer);

}  // namespace changebank::daemon
