#pragma once

#include <string>

#include "changebank/base/text/Json.h"

/// Formats the daemon's responses about revocations for people. Missing or mistyped members count as empty;
/// control characters are escaped.
namespace changebank::daemon {

/// GET /revocations, as a table.
std::string formatRevocations(const Json& listed);

/// POST /revocations, after success: what was revoked and what that means.
std::string formatRevoked(const Json& answer);

}  // namespace changebank::daemon
