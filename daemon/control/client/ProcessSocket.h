#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <variant>

#include "changebank/daemon/control/client/AdminClient.h"

namespace changebank::daemon {

/// The path of the admin socket on which a running changebankd listens, according to the kernel and not to
/// settings, which may have changed or differ. std::nullopt if it does not listen on one. The path is valid
/// for this process, even if the other has its own root or /tmp. Asks for the status, since other listeners
/// may have a Unix socket, too.
///
/// Returns a fault if the process does not exist, if it is not changebankd, or if this user may not inspect
/// it: only root and, outside of a user namespace, the same user may.
std::variant<std::optional<std::string>, AdminFault> adminSocketOf(pid_t process);

}  // namespace changebank::daemon
