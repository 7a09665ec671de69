#pragma once

#include <functional>

#include "daemon/AuditLog.h"
#include "daemon/ChangeBankService.h"
#include "daemon/Lifecycle.h"
#include "daemon/Listeners.h"
#include "daemon/Reload.h"
#include "daemon/RequestMetrics.h"

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
