#pragma once

#include <string>
#include <vector>

namespace changebank::daemon {

/// The commands of changebankctl that need a running daemon. Each receives its arguments without its name,
/// prints the daemon's response to standard output, as a table or with --json as JSON, and returns the exit
/// status: 0, 3 if no daemon is running, 64 on a usage error, 69 if the daemon fails, 77 without permission,
/// 78 if a reload finds faults, which are printed on standard error, or if the settings do not allow the
/// command.
int runStatusCommand(const std::vector<std::string>& arguments);
int runReloadCommand(const std::vector<std::string>& arguments);
/// `keys` or `keys refresh`.
int runKeysCommand(const std::vector<std::string>& arguments);
int runMetricsCommand(const std::vector<std::string>& arguments);
int runConfigCommand(const std::vector<std::string>& arguments);
/// `log-level NAME`.
int runLogLevelCommand(const std::vector<std::string>& arguments);

}  // namespace changebank::daemon
