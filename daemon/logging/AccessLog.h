#pragma once

#include <atomic>

#include "changebank/base/handler/AccessObserver.h"

namespace changebank::daemon {

/// Logs each answered request at the level information: method, path without the query, route, status, bytes,
/// milliseconds, subject, cause of a denial, request id, ids of trace and span, and client; omits what is not
/// known of them.
/// JsonLineFormatter writes each as a member, and systemd's journal gets those without a unit as fields. Text
/// from the client is escaped; queries are omitted since they may contain secrets. The source is "access".
/// Thread-safe.
class AccessLog : public AccessObserver {
public:
    explicit AccessLog(bool enabled) : _enabled(enabled) {}

    /// Takes effect with the next request.
    void enable(bool enabled) noexcept { _enabled = enabled; }

    /// The first status of a probe that somebody should look at.
    static constexpr int firstFailedProbe = 400;

    /// Whether answeredProbe() logs probes that succeed; false at first. Takes effect with the next request.
    void logProbes(bool logged) noexcept { _logsProbes = logged; }

    void answered(const AccessRecord& record) noexcept override;

    /// The same for a probe, which comes every few seconds and tells nothing new as long as it succeeds: it
    /// is left out unless its status is 400 or more, or logProbes() asks for it.
    void answeredProbe(const AccessRecord& record) noexcept;

private:
    std::atomic<bool> _enabled;
    std::atomic<bool> _logsProbes = false;
};

}  // namespace changebank::daemon
