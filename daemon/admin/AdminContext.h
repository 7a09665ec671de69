#pragma once

#include <functional>

#include "changebank/daemon/listeners/Listeners.h"
#include "changebank/daemon/logging/AuditLog.h"
#include "changebank/daemon/metrics/RequestMetrics.h"
#include "changebank/daemon/service/ChangeBankService.h"
#include "changebank/daemon/service/Lifecycle.h"
#include "changebank/daemon/service/Reload.h"

namespace changebank::daemon {

/// What the admin socket shows and controls. All of it must outlive the admin routes and may be used from any
/// thread.
struct AdminContext {
    const Lifecycle& lifecycle;
    const ChangeBankService& service;
    const Listeners& listeners;
    const Reload& reload;
    const RequestMetrics& requests;
    const AuditLog& audit;
    /// Reloads the settings and waits for the outcome; never called on the main thread. Throws
    /// std::future_error when the daemon has stopped.
    std::function<ReloadOutcome()> requestReload;
};

}  // namespace changebank::daemon
