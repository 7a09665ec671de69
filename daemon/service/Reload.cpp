#include "changebank/daemon/service/Reload.h"

#include <Poco/Exception.h>

#include <string>
#include <utility>

#include "changebank/base/system/ExceptionText.h"
#include "changebank/daemon/logging/Logging.h"
#include "changebank/daemon/process/StartFailure.h"
#include "changebank/daemon/settings/DevelopmentWarning.h"
#include "changebank/daemon/settings/SettingsReader.h"

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
    Revocations::PendingUpdate revocations;
    std::shared_ptr<SpanExporter> exporter;
};

Reload::Reload(SettingsSources sources, Components components)
    : _sources(std::move(sources)), _components(components) {}

void Reload::start(ParsedSettings first, OpenResources resources) {
    auto prepared = prepare(first, resources);
    if (auto* pending = std::get_if<PendingReload>(&prepared)) {
        commit(std::move(*pending), std::move(first));
        return warnOfDevelopment(current()->settings);
    }
    const auto& faults = std::get<Faults>(prepared);
    std::string why;
    for (const auto& fault : faults)
        why += (why.empty() ? "" : "; ") + fault.why;
    throw StartFailure(faults.front().status, why);
}

ReloadOutcome Reload::run() {
    ReloadOutcome outcome;
    auto next = readSettings(_sources);
    if (next.ok()) {
        auto prepared = prepare(next, {_components.listeners.sockets(), _components.audit.file()});
        if (auto* pending = std::get_if<PendingReload>(&prepared)) {
            outcome.notes = notesOn(next);
            commit(std::move(*pending), std::move(next));
        } else {
            for (auto& fault : std::get<Faults>(prepared))
                next.addFault(fault.key, std::move(fault.why));
        }
    }
    outcome.faults = next.faults;
    outcome.time = std::chrono::system_clock::now();
    logOutcome(outcome);
    warnOfDevelopment(current()->settings);
    const std::lock_guard lock(_mutex);
    ++(outcome.ok() ? _status.succeeded : _status.failed);
    _status.last = outcome;
    return outcome;
}

std::variant<Reload::PendingReload, Reload::Faults> Reload::prepare(const ParsedSettings& next,
                                                                    const OpenResources& resources) const {
    const auto& settings = next.settings;
    Faults faults;
    LogOutput::Ptr log;
    try {
        log = LogOutput::of(settings, logOutput());
    } catch (const Poco::Exception& error) {
        faults.push_back({"log.target", error.displayText(), exitConfiguration});
    }
    std::shared_ptr<SpanExporter> exporter;
    try {
        exporter = _components.tracer.prepare(settings.trace);
    } catch (const std::exception& error) {
        faults.push_back({"trace.endpoint", "cannot export: " + exceptionText(error), exitConfiguration});
    }
    auto opened = resources.forSettings(settings, faults);
    auto revocations = _components.revocations.prepare(settings.revocation);
    if (auto* fault = std::get_if<Revocations::Fault>(&revocations))
        faults.push_back({"revocation.file", std::move(fault->why), exitConfiguration});
    // A start that fails must not wait for the end of the first fetch.
    if (!_current && !faults.empty()) return faults;
    std::variant<ChangeBankService::PendingUpdate, ChangeBankService::KeysUnavailable> service;
    try {
        service = _components.service.prepare(settings);
    } catch (const std::exception& error) {
        service = ChangeBankService::KeysUnavailable{"auth.jwks.uri", exceptionText(error)};
    }
    if (const auto* failure = std::get_if<ChangeBankService::KeysUnavailable>(&service))
        faults.push_back({failure->key, "cannot fetch keys: " + failure->why, exitConfiguration});
    if (!faults.empty()) return faults;
    auto& update = std::get<ChangeBankService::PendingUpdate>(service);
    // A proxy that still asks there has done nothing wrong, and the rules may have gone with the listener.
    if (!opened.sockets.of(ListenerPurpose::decision)) update.decisions = nullptr;
    try {
        return PendingReload{
            .log = std::move(log),
            .service = std::move(update),
            .listeners = _components.listeners.prepare(settings, std::move(opened.sockets), next.tls),
            .audit = std::move(opened.audit),
            .revocations = std::get<Revocations::PendingUpdate>(std::move(revocations)),
            .exporter = std::move(exporter)};
    } catch (const std::exception& error) {
        faults.push_back({std::string(settingOf(ListenerPurpose::api, settings)),
                          "cannot be served: " + exceptionText(error), exitUnavailable});
    }
    return faults;
}

void Reload::commit(PendingReload pending, ParsedSettings next) {
    const auto& settings = next.settings;
    useLogOutput(pending.log);
    _components.access.enable(settings.logAccess);
    _components.access.logProbes(settings.logProbes);
    _components.tracer.use(std::move(pending.exporter));
    _components.audit.use(std::move(pending.audit));
    _components.audit.limitRefusals(settings.auditRefusalsPerMinute);
    _components.audit.setPatience(settings.auditTimeout);
    // Tokens are judged by them from the first request on.
    _components.revocations.commit(settings.revocation, std::move(pending.revocations));
    _components.service.commit(settings, std::move(pending.service));
    _components.events.use(settings.revocation);
    _components.listeners.commit(std::move(pending.listeners));
    auto current = std::make_shared<const ParsedSettings>(std::move(next));
    const std::lock_guard lock(_mutex);
    _current = std::move(current);
    ++_status.generation;
}

std::vector<std::string> Reload::notesOn(const ParsedSettings& next) const {
    auto notes = next.notes;
    const auto before = current();
    for (const auto purpose :
         _components.listeners.sockets().ignoredByActivation(before->settings, next.settings)) {
        notes.push_back(std::string(settingOf(purpose, next.settings)) + " changed, but systemd passed the " +
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
