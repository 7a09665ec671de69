#pragma once

#include <functional>
#include <string>

#include "changebank/daemon/listeners/Listeners.h"
#include "changebank/daemon/logging/AuditLog.h"
#include "changebank/daemon/metrics/DecisionMetrics.h"
#include "changebank/daemon/metrics/RequestMetrics.h"
#include "changebank/daemon/revocation/Revocations.h"
#include "changebank/daemon/revocation/WebhookCounters.h"
#include "changebank/daemon/service/ChangeBankService.h"
#include "changebank/daemon/service/Lifecycle.h"
#include "changebank/daemon/service/Reload.h"
#include "changebank/daemon/tracing/TraceCounters.h"

namespace changebank::daemon {

/// What the admin routes report and control. Everything must outlive the routes and be thread-safe.
struct AdminContext {
    const Lifecycle& lifecycle;
    const ChangeBankService& service;
    Revocations& revocations;
    const WebhookCounters& events;
    const Listeners& listeners;
    const Reload& reload;
    const RequestMetrics& requests;
    const DecisionMetrics& decisions;
    const AuditLog& audit;
    const TraceCounters& traces;
    /// Called with each revocation by hand that was kept, an empty event id and who asked for it. Returns
    /// false if the audit log could not record it.
    std::function<bool(const security::Revocation&, const std::string& eventId, const std::string& client)>
        recordRevocation;
    /// Reloads the settings and waits for the outcome. Must not be called on the main thread. Throws
    /// std::future_error once the daemon has stopped.
    std::function<ReloadOutcome()> requestReload;
};

}  // namespace changebank::daemon
