#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <variant>

#include "changebank/daemon/control/AdminClient.h"

namespace changebank::daemon {

/// The path of the Unix socket on which a running changebankd listens, found by what the kernel knows of the
/// process and not by settings, which may have changed since or come from elsewhere. std::nullopt if it
/// listens on none. The path reaches the socket from here, also where the process has a root or a /tmp of its
/// own.
///
/// A fault if there is no such process, if it is no changebankd, or if this user may not look into it: that
/// is for root, and for the same user outside of a user namespace.
std::variant<std::optional<std::string>, AdminFault> adminSocketOf(pid_t process);

}  // namespace changebank::daemon
