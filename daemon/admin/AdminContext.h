#pragma once

#include <functional>

#include "changebank/daemon/listeners/Listeners.h"
#include "changebank/daemon/logging/AuditLog.h"
#include "changebank/daemon/metrics/RequestMetrics.h"
#include "changebank/daemon/service/ChangeBankService.h"
#include "changebank/daemon/service/Lifecycle.h"
#include "changebank/daemon/service/Reload.h"

namespace changebank::daemon {

/// What the admin routes report and control. Everything must outlive the routes and be thread-safe.
struct AdminContext {
    const Lifecycle& lifecycle;
    const ChangeBankService& service;
    const Listeners& listeners;
    const Reload& reload;
    const RequestMetrics& requests;
    const AuditLog& audit;
    /// Reloads the settings and waits for the outcome. Must not be called on the main thread. Throws
    /// std::future_error once the daemon has stopped.
    std::function<ReloadOutcome()> requestReload;
};

}  // namespace changebank::daemon
