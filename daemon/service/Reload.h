#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "changebank/daemon/listeners/Listeners.h"
#include "changebank/daemon/logging/AccessLog.h"
#include "changebank/daemon/logging/AuditLog.h"
#include "changebank/daemon/revocation/Revocations.h"
#include "changebank/daemon/service/ChangeBankService.h"
#include "changebank/daemon/service/EventReceiver.h"
#include "changebank/daemon/service/OpenResources.h"
#include "changebank/daemon/service/ReloadOutcome.h"
#include "changebank/daemon/settings/ParsedSettings.h"
#include "changebank/daemon/settings/sources/SettingsSources.h"
#include "changebank/daemon/tracing/Tracer.h"

namespace changebank::daemon {

/// Puts settings into effect as a whole: prepares everything that they need (keys, certificates, sockets, log
/// files, the file of revocations) with all that can fail, and commits only if all of that succeeded. If
/// anything fails, nothing changes. The start is the first time. start() and run() are for the main thread;
/// everything else is thread-safe, and except for status() is for the time after start().
class Reload {
public:
    /// The parts that settings are put into effect in; all of them must outlive this object.
    struct Components {
        ChangeBankService& service;
        Revocations& revocations;
        EventReceiver& events;
        Listeners& listeners;
        AuditLog& audit;
        AccessLog& access;
        Tracer& tracer;
    };

    Reload(SettingsSources sources, Components components);

    /// Starts to serve by the settings, which must be ok() and come from the sources. `resources` are those
    /// that the process was started with; the rest is opened. Does not wait for the keys. Throws
    /// StartFailure.
    void start(ParsedSettings first, OpenResources resources);

    /// Reads the settings again, puts them into effect and logs the outcome.
    ReloadOutcome run();

    struct Status {
        /// 1 after the start, incremented by every successful reload.
        std::uint64_t generation = 0;
        std::uint64_t succeeded = 0;
        std::uint64_t failed = 0;
        std::optional<ReloadOutcome> last;
    };
    Status status() const;

    /// The settings in effect.
    std::shared_ptr<const ParsedSettings> current() const;

private:
    struct PendingReload;
    using Faults = std::vector<OpenResources::Fault>;

    std::variant<PendingReload, Faults> prepare(const ParsedSettings& next,
                                                const OpenResources& resources) const;
    void commit(PendingReload pending, ParsedSettings next);
    std::vector<std::string> notesOn(const ParsedSettings& next) const;

    const SettingsSources _sources;
    Components _components;
    mutable std::mutex _mutex;
    std::shared_ptr<const ParsedSettings> _current;
    Status _status;
};

}  // namespace changebank::daemon
