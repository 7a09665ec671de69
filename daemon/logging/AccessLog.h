#pragma once

#include <atomic>

#include "changebank/base/handler/AccessObserver.h"

namespace changebank::daemon {

/// Logs a line for each answered request, at the level information: method, path without the query, route,
/// status, octets, milliseconds, subject, cause of a refusal, request id and client; without the route,
/// subject or cause that nobody named. JsonLineFormatter writes each of these as a member of its own. What
/// comes from the client is escaped, and a query is left out since it may hold what nobody should read.
/// Lines
/// are of the source "access". Usable from any thread.
class AccessLog : public AccessObserver {
public:
    explicit AccessLog(bool enabled) : _enabled(enabled) {}

    /// Takes effect with the next request.
    void enable(bool enabled) noexcept { _enabled = enabled; }

    void answered(const AccessRecord& record) noexcept override;

private:
    std::atomic<bool> _enabled;
};

}  // namespace changebank::daemon
