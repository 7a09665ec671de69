#pragma once

#include <memory>
#include <string>
#include <vector>

#include "changebank/daemon/listeners/ListenerSockets.h"
#include "changebank/daemon/logging/AuditFile.h"
#include "changebank/daemon/process/ExitStatus.h"
#include "changebank/daemon/settings/Settings.h"

namespace changebank::daemon {

/// The resources that the daemon holds open according to its settings: listening sockets and the audit file.
struct OpenResources {
    /// A resource that cannot be opened: the setting, the reason, and the exit status of a program that needs
    /// it.
    struct Fault {
        std::string key;
        std::string why;
        ExitStatus status;
    };

    ListenerSockets sockets;
    /// nullptr if audit lines go to the log.
    std::shared_ptr<AuditFile> audit;

    /// The resources for other settings: keeps matching sockets, reopens an unchanged audit file and opens
    /// the rest. Adds a fault for each failure.
    OpenResources forSettings(const Settings& settings, std::vector<Fault>& faults) const;
};

}  // namespace changebank::daemon
