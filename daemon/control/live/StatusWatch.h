#pragma once

#include <functional>
#include <string>

namespace changebank::daemon {

/// Shows the status again each time that wait() returns true, also past a restart of the daemon: on a screen
/// over the one before, else one after the other with an empty line between them. As JSON: one line each.
/// Returns the exit status.
int watchStatus(const std::string& socketPath, bool asJson, bool onScreen, const std::function<bool()>& wait);

}  // namespace changebank::daemon
