#pragma once

#include <string>

#include "changebank/base/text/Json.h"

namespace changebank::daemon {

/// Formats the daemon's response to POST /decide for people, as one line. `method` and `target` are those of
/// the request. Missing or mistyped members count as empty; control characters are escaped.
std::string formatDecision(const Json& decision, const std::string& method, const std::string& target);

}  // namespace changebank::daemon
