#pragma once

#include <string>
#include <vector>

namespace changebank::daemon {

/// The commands of changebankctl that a running daemon answers. Each takes its arguments, its own name left
/// out, writes what the daemon says to standard output, as a table or with --json as it came, and returns the
/// exit status: 0, 3 if no daemon runs, 64 on wrong usage, 69 if the daemon cannot do it, 77 if this user may
/// not, 78 if a reload finds faults, which then stand on standard error.
int runStatusCommand(const std::vector<std::string>& arguments);
int runReloadCommand(const std::vector<std::string>& arguments);
/// `keys` or `keys refresh`.
int runKeysCommand(const std::vector<std::string>& arguments);
int runMetricsCommand(const std::vector<std::string>& arguments);
int runConfigCommand(const std::vector<std::string>& arguments);
/// `log-level NAME`.
int runLogLevelCommand(const std::vector<std::string>& arguments);

}  // namespace changebank::daemon
