#pragma once

#include <memory>
#include <optional>
#include <string>

#include "changebank/daemon/admin/AdminContext.h"
#include "changebank/daemon/listeners/Listeners.h"
#include "changebank/daemon/logging/AccessLog.h"
#include "changebank/daemon/logging/AuditLog.h"
#include "changebank/daemon/metrics/RequestMetrics.h"
#include "changebank/daemon/process/ServiceNotification.h"
#include "changebank/daemon/process/SignalLoop.h"
#include "changebank/daemon/service/ChangeBankService.h"
#include "changebank/daemon/service/Lifecycle.h"
#include "changebank/daemon/service/OpenResources.h"
#include "changebank/daemon/service/Reload.h"
#include "changebank/daemon/settings/SettingsReader.h"

namespace changebank::daemon {

/// The parts of a daemon that serves, and what operators have it do. What it shows may be asked from any
/// thread.
class RunningDaemon {
public:
    /// `parsed` must be good, and is what `sources` gave; `resources` are what they ask for. The service
    /// manager hears of each state; signals and notification must outlive this.
    RunningDaemon(SettingsSources sources, ParsedSettings parsed, OpenResources resources,
                  SignalLoop& signals, const ServiceNotification& notification);

    RunningDaemon(const RunningDaemon&) = delete;
    RunningDaemon& operator=(const RunningDaemon&) = delete;

    // For the main thread.

    /// Reads the settings anew; what has been refused or noted is logged and returned.
    ReloadOutcome reload();

    /// Reopens the log file and the audit file, and logs where that fails.
    void reopenFiles();

    /// Stops when the requests in flight are answered, or at once when a second signal to stop comes.
    void drain();

    // For any thread.

    const Listeners& listeners() const noexcept { return _listeners; }

private:
    /// Has the main thread reload, and waits for it.
    ReloadOutcome requestReload();

    /// One line for the service manager.
    std::string summary() const;

    SignalLoop& _signals;
    const ServiceNotification& _notification;
    Lifecycle _lifecycle;
    std::shared_ptr<AuditLog> _audit;
    std::shared_ptr<AccessLog> _access;
    std::shared_ptr<RequestMetrics> _requests;
    ChangeBankService _service;
    Reload _reload;
    const AdminContext _admin;
    /// The last, so that whoever answers a request is gone before what it asks.
    Listeners _listeners;
};

}  // namespace changebank::daemon
