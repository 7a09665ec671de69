#pragma once

#include <optional>
#include <string>

#include "changebank/daemon/listeners/ListenerPurpose.h"

namespace changebank::daemon {

/// What is wrong with a listener's address.
struct AddressFault {
    /// The setting to change.
    std::string key;
    /// A sentence that names the address.
    std::string why;
};

/// Why the settings' address for a purpose cannot be listened on, even if it is free: the host does not
/// resolve or is not this machine's, another listener of the settings has the same address, the path of a
/// Unix socket is too long, its folder cannot be written, or another file is in its place. Resolves the host
/// name and binds a free port of that host for a moment; does not touch the address itself.
std::optional<AddressFault> faultOfAddress(ListenerPurpose purpose, const Settings& settings);

/// Whether the daemon starts without that listener, with a warning: the default admin socket.
bool mayBeMissing(ListenerPurpose purpose, const Settings& settings) noexcept;

}  // namespace changebank::daemon
