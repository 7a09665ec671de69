#include "changebank/daemon/service/Reload.h"

#include <Poco/Exception.h>

#include <string>
#include <utility>
#include <variant>

#include "changebank/daemon/logging/Logging.h"
#include "changebank/daemon/service/OpenResources.h"
#include "changebank/daemon/settings/DevelopmentWarning.h"

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
        log(Poco::Message::PRIO_ERROR, "settings not reloaded; the old ones stay in effect");
    }
}

void warnOfDevelopment(const Settings& settings) {
    if (const auto warning = developmentWarning(settings); !warning.empty())
        log(Poco::Message::PRIO_WARNING, warning);
}

}  // namespace

/// Everything new that the settings need.
struct Reload::PendingReload {
    LogOutput::Ptr log;
    ChangeBankService::PendingUpdate service;
    Listeners::PendingUpdate listeners;
    std::shared_ptr<AuditFile> audit;
};

Reload::Reload(SettingsSources sources, ParsedSettings first, Components components)
    : _sources(std::move(sources)),
      _components(components),
      _current(std::make_shared<const ParsedSettings>(std::move(first))) {
    warnOfDevelopment(_current->settings);
}

ReloadOutcome Reload::run() {
    ReloadOutcome outcome;
    auto next = readSettings(_sources);
    auto ready = next.ok() ? prepare(next) : std::nullopt;
    outcome.faults = next.faults;
    if (ready) {
        outcome.notes = notesOn(next);
        commit(std::move(*ready), std::move(next));
    }
    outcome.time = std::chrono::system_clock::now();
    logOutcome(outcome);
    warnOfDevelopment(current()->settings);
    const std::lock_guard lock(_mutex);
    ++(outcome.ok() ? _status.succeeded : _status.failed);
    _status.last = outcome;
    return outcome;
}

std::optional<Reload::PendingReload> Reload::prepare(ParsedSettings& parsed) const {
    const auto& settings = parsed.settings;
    LogOutput::Ptr log;
    try {
        log = LogOutput::of(settings);
    } catch (const Poco::Exception& error) {
        parsed.addFault("log.target", error.displayText());
    }
    std::vector<OpenResources::Fault> faults;
    auto resources = OpenResources{_components.listeners.sockets(), _components.audit.file()}.forSettings(
        settings, faults);
    for (auto& fault : faults)
        parsed.addFault(fault.key, std::move(fault.why));
    auto service = _components.service.prepare(settings);
    if (const auto* why = std::get_if<std::string>(&service))
        parsed.addFault("auth.jwks.uri", "cannot fetch keys: " + *why);
    if (!parsed.ok()) return std::nullopt;
    try {
        return PendingReload{
            .log = std::move(log),
            .service = std::get<ChangeBankService::PendingUpdate>(std::move(service)),
            .listeners = _components.listeners.prepare(settings, std::move(resources.sockets), parsed.tls),
            .audit = std::move(resources.audit)};
    } catch (const Poco::Exception& error) {
        parsed.addFault("server.port", "cannot be served: " + error.displayText());
    } catch (const std::exception& error) {
        parsed.addFault("server.port", std::string("cannot be served: ") + error.what());
    }
    return std::nullopt;
}

void Reload::commit(PendingReload pending, ParsedSettings next) {
    const auto& settings = next.settings;
    useLogOutput(std::move(pending.log));
    _components.access.enable(settings.logAccess);
    _components.audit.use(std::move(pending.audit));
    _components.service.commit(settings, std::move(pending.service));
    _components.listeners.commit(std::move(pending.listeners));
    auto current = std::make_shared<const ParsedSettings>(std::move(next));
    const std::lock_guard lock(_mutex);
    _current = std::move(current);
    ++_status.generation;
}

std::vector<std::string> Reload::notesOn(const ParsedSettings& next) const {
    std::vector<std::string> notes;
    const auto before = current();
    for (const auto purpose :
         _components.listeners.sockets().ignoredByActivation(before->settings, next.settings)) {
        notes.push_back(std::string(settingOf(purpose)) + " changed, but systemd passed the " +
                        std::string(nameOf(purpose)) + " socket; change its socket unit and restart both");
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
