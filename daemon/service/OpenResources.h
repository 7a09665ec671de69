#pragma once

#include <memory>
#include <string>
#include <vector>

#include "changebank/daemon/listeners/ListenerSockets.h"
#include "changebank/daemon/logging/AuditFile.h"
#include "changebank/daemon/process/ExitStatus.h"
#include "changebank/daemon/settings/Settings.h"

namespace changebank::daemon {

/// What the daemon holds open by its settings: listening sockets and the audit file.
struct OpenResources {
    /// What cannot be opened, the setting to blame, and how a program that needs it ends.
    struct Fault {
        std::string key;
        std::string why;
        ExitStatus status;
    };

    ListenerSockets sockets;
    /// nullptr: the audit log goes to the log.
    std::shared_ptr<AuditFile> audit;

    /// The same for other settings: sockets that fit are kept, an audit file that stays is reopened, the rest
    /// is opened. Adds a fault for each that cannot be.
    OpenResources forSettings(const Settings& settings, std::vector<Fault>& faults) const;
};

}  // namespace changebank::daemon
