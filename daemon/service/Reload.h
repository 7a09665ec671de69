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

/// Exchanges the settings of a serving daemon as a whole: reads and checks them, makes everything that they
/// need (keys, certificates, sockets, log files), and only when all of it is there has the new take the place
/// of the old. Where anything fails, nothing has changed. run() is for the main thread, the rest for any.
class Reload {
public:
    /// What a reload exchanges; all of it must outlive this.
    struct Components {
        ChangeBankService& service;
        Listeners& listeners;
        AuditLog& audit;
        AccessLog& access;
    };

    /// `first` is what the daemon serves by at the start.
    Reload(SettingsSources sources, ParsedSettings first, Components components);

    /// Reads the settings anew and logs the outcome.
    ReloadOutcome run();

    struct Status {
        /// 1 for the settings of the start; one more with each that took their place.
        std::uint64_t generation = 1;
        std::uint64_t succeeded = 0;
        std::uint64_t failed = 0;
        std::optional<ReloadOutcome> last;
    };
    Status status() const;

    /// The settings that serve.
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
