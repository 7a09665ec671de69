#pragma once

#include <string>

#include "changebank/base/text/Json.h"

/// Formats recent denials for people, as formatStatus() does.
namespace changebank::daemon {

/// GET /denials.
std::string formatDenials(const Json& listed);

/// One of them: a line with time, status, cause, request and client, and a line with what else is known.
std::string formatDenial(const Json& denial);

}  // namespace changebank::daemon
