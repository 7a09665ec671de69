#pragma once

#include <memory>
#include <optional>
#include <string>

#include "changebank/daemon/admin/AdminContext.h"
#include "changebank/daemon/listeners/Listeners.h"
#include "changebank/daemon/logging/AccessLog.h"
#include "changebank/daemon/logging/AuditLog.h"
#include "changebank/daemon/metrics/DecisionMetrics.h"
#include "changebank/daemon/metrics/RequestMetrics.h"
#include "changebank/daemon/process/ServiceNotification.h"
#include "changebank/daemon/process/SignalLoop.h"
#include "changebank/daemon/revocation/Revocations.h"
#include "changebank/daemon/service/ChangeBankService.h"
#include "changebank/daemon/service/EventReceiver.h"
#include "changebank/daemon/service/Lifecycle.h"
#include "changebank/daemon/service/OpenResources.h"
#include "changebank/daemon/service/Reload.h"
#include "changebank/daemon/settings/ParsedSettings.h"
#include "changebank/daemon/settings/sources/SettingsSources.h"
#include "changebank/daemon/tracing/Tracer.h"

namespace changebank::daemon {

/// A serving daemon: owns its parts and carries out what operators ask for. Its status may be queried from
/// any thread.
class RunningDaemon {
public:
    /// Starts to serve, see Reload::start(). Notifies the service manager of every state. `signals` and
    /// `notification` must outlive this object. Throws StartFailure.
    RunningDaemon(SettingsSources sources, ParsedSettings parsed, OpenResources resources,
                  SignalLoop& signals, const ServiceNotification& notification);

    RunningDaemon(const RunningDaemon&) = delete;
    RunningDaemon& operator=(const RunningDaemon&) = delete;

    // For the main thread.

    /// Reloads the settings; logs and returns faults and notes.
    ReloadOutcome reload();

    /// Reopens the log file and the audit file; logs failures.
    void reopenFiles();

    /// Is not ready any more, serves on for server.drainDelay, and stops once the requests in flight are
    /// finished, or immediately on a second SIGTERM or SIGINT.
    void drain();

    // For any thread.

    const Listeners& listeners() const noexcept { return _listeners; }

private:
    /// Posts a reload to the main thread and waits for its outcome.
    ReloadOutcome requestReload();

    /// The status line for the service manager.
    std::string summary() const;

    SignalLoop& _signals;
    const ServiceNotification& _notification;
    std::shared_ptr<Lifecycle> _lifecycle;
    std::shared_ptr<AuditLog> _audit;
    std::shared_ptr<AccessLog> _access;
    std::shared_ptr<RequestMetrics> _requests;
    std::shared_ptr<Tracer> _tracer;
    DecisionMetrics _decisions;
    Revocations _revocations;
    ChangeBankService _service;
    EventReceiver _events;
    Reload _reload;
    const AdminContext _admin;
    /// Declared last, so that the listeners stop before anything that handlers refer to is destroyed.
    Listeners _listeners;
};

}  // namespace changebank::daemon
