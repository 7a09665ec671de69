#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "changebank/daemon/listeners/Listeners.h"
#include "changebank/daemon/logging/AccessLog.h"
#include "changebank/daemon/logging/AuditLog.h"
#include "changebank/daemon/service/ChangeBankService.h"
#include "changebank/daemon/service/ReloadOutcome.h"
#include "changebank/daemon/settings/SettingsReader.h"

namespace changebank::daemon {

/// Replaces the settings of a serving daemon as a whole: reads and checks them, prepares everything that they
/// need (keys, certificates, sockets, log files), and commits only if all of that succeeded. If anything
/// fails, nothing changes. run() is for the main thread; everything else is thread-safe.
class Reload {
public:
    /// The parts that a reload updates; all of them must outlive this object.
    struct Components {
        ChangeBankService& service;
        Listeners& listeners;
        AuditLog& audit;
        AccessLog& access;
    };

    /// `first` are the settings in effect at the start.
    Reload(SettingsSources sources, ParsedSettings first, Components components);

    /// Reloads the settings and logs the outcome.
    ReloadOutcome run();

    struct Status {
        /// 1 at the start, incremented by every successful reload.
        std::uint64_t generation = 1;
        std::uint64_t succeeded = 0;
        std::uint64_t failed = 0;
        std::optional<ReloadOutcome> last;
    };
    Status status() const;

    /// The settings in effect.
    std::shared_ptr<const ParsedSettings> current() const;

private:
    struct PendingReload;
    std::optional<PendingReload> prepare(ParsedSettings& next) const;
    void commit(PendingReload pending, ParsedSettings next);
    std::vector<std::string> notesOn(const ParsedSettings& next) const;

    const SettingsSources _sources;
    Components _components;
    mutable std::mutex _mutex;
    std::shared_ptr<const ParsedSettings> _current;
    Status _status;
};

}  // namespace changebank::daemon
