#pragma once

namespace changebank::daemon {

/// The version of the project, as its build names it: "1.2.3".
extern const char* const version;

}  // namespace changebank::daemon
