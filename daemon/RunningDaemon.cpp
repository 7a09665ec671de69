#include "daemon/RunningDaemon.h"

#include <Poco/Exception.h>

#include <csignal>
#include <future>
#include <utility>

#include "daemon/AccessObservers.h"
#include "daemon/Logging.h"
#include "daemon/admin/AdminRoutes.h"
#include "daemon/http/ServerTlsContext.h"
#include "handlers/ChangeBank.h"
#include "handlers/Router.h"

namespace changebank::daemon {

namespace {

/// What an end takes beyond draining.
constexpr std::chrono::seconds stopReserve(10);

std::shared_ptr<AuditLog> auditLogTo(std::shared_ptr<AuditFile> file) {
    auto audit = std::make_shared<AuditLog>();
    audit->use(std::move(file));
    return audit;
}

/// Every route that an access record may name.
std::vector<std::string> routeNames() {
    std::vector<std::string> names;
    for (auto& route : handlers::changeBankRoutes({}, nullptr, nullptr))
        names.push_back(std::move(route.path));
    names.emplace_back(handlers::unmatchedRoute);
    return names;
}

}  // namespace

RunningDaemon::RunningDaemon(SettingsSources sources, const CheckedSettings& checked, Openings openings,
                             MainQueue& queue, const ServiceNotification& notification)
    : _queue(queue),
      _notification(notification),
      _audit(auditLogTo(std::move(openings.audit))),
      _access(std::make_shared<AccessLog>(checked.reading.settings.logAccess)),
      _requests(std::make_shared<RequestMetrics>(routeNames())),
      _service(checked.reading.settings, _audit),
      _reload(std::move(sources), checked.reading, {_service, _listeners, *_audit, *_access}),
      _admin{
          _lifecycle, _service, _listeners, _reload, *_requests, *_audit, [this] { return requestReload(); }},
      _listeners(
          {_service.factory(), metricsRoutes(_admin), adminRoutes(_admin)},
          std::make_shared<AccessObservers>(std::vector<http::AccessObserver::Ptr>{_access, _requests})) {
    const auto& settings = checked.reading.settings;
    const auto tls =
        settings.server.isSecure() ? http::serverTlsContext(settings.server.tls) : Poco::Net::Context::Ptr();
    _listeners.serve(_listeners.plan(settings, std::move(openings.sockets), tls));
    _notification.ready(summary());
}

std::string RunningDaemon::summary() const {
    return "serving on " + _listeners.status().front().address + ", settings of generation " +
           std::to_string(_reload.status().generation);
}

ReloadOutcome RunningDaemon::reload() {
    _notification.reloading();
    auto outcome = _reload.run();
    _notification.ready(summary() + (outcome.good() ? "" : "; the last reload failed, see the log"));
    return outcome;
}

void RunningDaemon::reopenFiles() {
    if (const auto fault = logOutput()->reopenFiles())
        log(Poco::Message::PRIO_ERROR, "cannot reopen the logs: " + *fault);
    try {
        if (const auto file = _audit->file()) file->reopen();
    } catch (const Poco::Exception& error) {
        log(Poco::Message::PRIO_ERROR, "cannot reopen the audit log: " + error.displayText());
    }
    log(Poco::Message::PRIO_NOTICE, "log files opened anew");
}

void RunningDaemon::drain() {
    _lifecycle.drain();
    _notification.stopping(_reload.current()->settings.server.limits.drainTimeout + stopReserve);
    auto drained = std::async(std::launch::async, [this] { _listeners.stop(false); });
    constexpr auto pause = std::chrono::milliseconds(20);
    while (drained.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
        const int signal = _queue.waitFor(pause).value_or(0);
        if (signal != SIGTERM && signal != SIGINT) continue;
        log(Poco::Message::PRIO_WARNING, "stopping at once; requests in flight are cut");
        _listeners.stop(true);
    }
    _queue.close();
}

ReloadOutcome RunningDaemon::requestReload() {
    const auto outcome = std::make_shared<std::promise<ReloadOutcome>>();
    auto future = outcome->get_future();
    _queue.post([this, outcome] {
        if (_lifecycle.isDraining()) {
            outcome->set_value({std::chrono::system_clock::now(), {{"changebankd", "", "is stopping"}}, {}});
        } else {
            outcome->set_value(reload());
        }
    });
    return future.get();
}

}  // namespace changebank::daemon
