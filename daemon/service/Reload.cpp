#include "changebank/daemon/service/Reload.h"

#include <Poco/Exception.h>

#include <string>
#include <utility>
#include <variant>

#include "changebank/daemon/logging/Logging.h"
#include "changebank/daemon/service/Openings.h"

namespace changebank::daemon {

namespace {

void logOutcome(const ReloadOutcome& outcome) {
    for (const auto& fault : outcome.faults)
        log(Poco::Message::PRIO_ERROR, "reload: " + fault.toText());
    for (const auto& note : outcome.notes)
        log(Poco::Message::PRIO_WARNING, "reload: " + note);
    if (outcome.ok()) {
        log(Poco::Message::PRIO_NOTICE, "settings reloaded");
    } else {
        log(Poco::Message::PRIO_ERROR, "settings not reloaded; the old ones serve on");
    }
}

}  // namespace

/// Everything that the new settings need and that is not there yet.
struct Reload::Prepared {
    LogOutput::Ptr log;
    ChangeBankService::Prepared service;
    Listeners::Plan listeners;
    std::shared_ptr<AuditFile> audit;
};

Reload::Reload(SettingsSources sources, ParsedSettings first, Parts parts)
    : _sources(std::move(sources)),
      _parts(parts),
      _current(std::make_shared<const ParsedSettings>(std::move(first))) {}

ReloadOutcome Reload::run() {
    ReloadOutcome outcome;
    auto next = readSettings(_sources);
    auto ready = next.ok() ? prepared(next) : std::nullopt;
    outcome.faults = next.faults;
    if (ready) {
        outcome.notes = notesOn(next);
        serve(std::move(*ready), std::move(next));
    }
    outcome.time = std::chrono::system_clock::now();
    logOutcome(outcome);
    const std::lock_guard lock(_mutex);
    ++(outcome.ok() ? _status.succeeded : _status.failed);
    _status.last = outcome;
    return outcome;
}

std::optional<Reload::Prepared> Reload::prepared(ParsedSettings& parsed) const {
    const auto& settings = parsed.settings;
    LogOutput::Ptr log;
    try {
        log = LogOutput::of(settings);
    } catch (const Poco::Exception& error) {
        parsed.addFault("log.target", error.displayText());
    }
    std::vector<Openings::Fault> faults;
    auto openings = Openings{_parts.listeners.sockets(), _parts.audit.file()}.forSettings(settings, faults);
    for (auto& fault : faults)
        parsed.addFault(fault.key, std::move(fault.why));
    auto service = _parts.service.prepare(settings);
    if (const auto* why = std::get_if<std::string>(&service))
        parsed.addFault("auth.jwks.uri", "cannot fetch keys: " + *why);
    if (!parsed.ok()) return std::nullopt;
    try {
        return Prepared{.log = std::move(log),
                        .service = std::get<ChangeBankService::Prepared>(std::move(service)),
                        .listeners = _parts.listeners.plan(settings, std::move(openings.sockets), parsed.tls),
                        .audit = std::move(openings.audit)};
    } catch (const Poco::Exception& error) {
        parsed.addFault("server.port", "cannot be served: " + error.displayText());
    } catch (const std::exception& error) {
        parsed.addFault("server.port", std::string("cannot be served: ") + error.what());
    }
    return std::nullopt;
}

void Reload::serve(Prepared prepared, ParsedSettings next) {
    const auto& settings = next.settings;
    useLogOutput(std::move(prepared.log));
    _parts.access.enable(settings.logAccess);
    _parts.audit.use(std::move(prepared.audit));
    _parts.service.serve(settings, std::move(prepared.service));
    _parts.listeners.serve(std::move(prepared.listeners));
    auto current = std::make_shared<const ParsedSettings>(std::move(next));
    const std::lock_guard lock(_mutex);
    _current = std::move(current);
    ++_status.generation;
}

std::vector<std::string> Reload::notesOn(const ParsedSettings& next) const {
    std::vector<std::string> notes;
    const auto before = current();
    for (const auto purpose : _parts.listeners.sockets().passedOver(before->settings, next.settings)) {
        notes.push_back(std::string(settingOf(purpose)) + " changed, but the service manager passed the " +
                        std::string(nameOf(purpose)) + " listener: change its socket unit and restart both");
    }
    return notes;
}

Reload::Status Reload::status() const {
    const std::lock_guard lock(_mutex);
    return _status;
}

std::shared_ptr<const ParsedSettings> Reload::current() const {
    const std::lock_guard lock(_mutex);
    return _current;
}

}  // namespace changebank::daemon
