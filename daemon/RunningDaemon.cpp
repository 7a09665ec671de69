#include "changebank/daemon/RunningDaemon.h"

#include <Poco/Exception.h>

#include <algorithm>
#include <csignal>
#include <future>
#include <optional>
#include <utility>

#include "changebank/daemon/admin/AdminRoutes.h"
#include "changebank/daemon/logging/HeldLoopLog.h"
#include "changebank/daemon/logging/Logging.h"
#include "changebank/daemon/logging/ProxyHeaderLog.h"
#include "changebank/handlers/bank/ChangeBank.h"
#include "changebank/handlers/decision/DecisionRules.h"
#include "changebank/handlers/routing/Router.h"

namespace changebank::daemon {

namespace {

/// A request by which somebody asks again and again how the server is.
bool isProbe(const AccessRecord& record) {
    const auto& routes = handlers::probeRoutes;
    return (record.method == "GET" || record.method == "HEAD") &&
           std::find(routes.begin(), routes.end(), record.route) != routes.end();
}

/// Forwards every request to all observers.
class AccessObservers : public AccessObserver {
public:
    /// With a route, all requests are counted by that one instead of their own.
    AccessObservers(std::shared_ptr<AccessLog> log, std::shared_ptr<RequestMetrics> metrics,
                    std::shared_ptr<Tracer> tracer, std::optional<std::string_view> route = std::nullopt)
        : _log(std::move(log)), _metrics(std::move(metrics)), _tracer(std::move(tracer)), _route(route) {}

    void answered(const AccessRecord& record) noexcept override {
        // A rule may have the pattern of a probe.
        if (!_route && isProbe(record)) {
            _log->answeredProbe(record);
            if (record.status >= AccessLog::firstFailedProbe) trace(record);
        } else {
            _log->answered(record);
            trace(record);
        }
        if (!_route) return _metrics->answered(record);
        _metrics->answered(counted(record));
    }

    void heldLoop(std::string_view route, std::chrono::milliseconds duration) noexcept override {
        _metrics->heldLoop(_route.value_or(route), duration);
        _heldLoops.report(_route.value_or(route), duration);
    }

    void missedProxyHeader(const Poco::Net::SocketAddress& proxy) noexcept override {
        _proxyHeaders.report(proxy);
    }

private:
    AccessRecord counted(const AccessRecord& record) const noexcept {
        auto counted = record;
        if (_route) counted.route = *_route;
        return counted;
    }

    void trace(const AccessRecord& record) noexcept {
        using std::chrono::milliseconds;
        if (record.trace == nullptr || !_tracer->answered(record)) return;
        _metrics->keepExemplar(counted(record), std::chrono::floor<milliseconds>(Clock::system().wall()));
    }

    std::shared_ptr<AccessLog> _log;
    std::shared_ptr<RequestMetrics> _metrics;
    std::shared_ptr<Tracer> _tracer;
    std::optional<std::string_view> _route;
    HeldLoopLog _heldLoops;
    ProxyHeaderLog _proxyHeaders;
};

/// The route of all requests to the decision listener in metrics, since rules have no bound names.
constexpr std::string_view decisionRoute = "decision";

/// Time to stop in addition to the drain delay and the drain timeout.
constexpr std::chrono::seconds stopReserve(10);

/// The names of all routes to count requests by.
std::vector<std::string> routeNames() {
    std::vector<std::string> names;
    for (auto& route : handlers::changeBankRoutes({}, nullptr, nullptr))
        names.push_back(std::move(route.path));
    names.emplace_back(handlers::unmatchedRoute);
    names.emplace_back(decisionRoute);
    return names;
}

}  // namespace

RunningDaemon::RunningDaemon(SettingsSources sources, ParsedSettings parsed, OpenResources resources,
                             SignalLoop& signals, const ServiceNotification& notification)
    : _signals(signals),
      _notification(notification),
      _lifecycle(std::make_shared<Lifecycle>()),
      _audit(std::make_shared<AuditLog>()),
      _access(std::make_shared<AccessLog>(false)),
      _requests(std::make_shared<RequestMetrics>(routeNames())),
      _tracer(std::make_shared<Tracer>()),
      _decisions(handlers::DecisionRules::maxNumber),
      _service(
          _lifecycle, _audit, _revocations.list(),
          [this](unsigned rule, int status) { _decisions.decided(rule, status); }, _tracer),
      _events({.revocations = _revocations, .service = _service, .audit = *_audit}),
      _reload(std::move(sources), {.service = _service,
                                   .revocations = _revocations,
                                   .events = _events,
                                   .listeners = _listeners,
                                   .audit = *_audit,
                                   .access = *_access,
                                   .tracer = *_tracer}),
      _admin{.lifecycle = *_lifecycle,
             .service = _service,
             .revocations = _revocations,
             .events = _events.counters(),
             .listeners = _listeners,
             .reload = _reload,
             .requests = *_requests,
             .decisions = _decisions,
             .audit = *_audit,
             .traces = _tracer->counters(),
             .recordRevocation =
                 [this](const security::Revocation& revocation, const std::string& eventId,
                        const std::string& client) {
                     return _audit->recordRevocation(revocation, eventId, client);
                 },
             .requestReload = [this] { return requestReload(); }},
      _listeners(
          {_service.factory(), metricsRoutes(_admin), adminRoutes(_admin), _events.factory(),
           _service.decisionFactory()},
          {.api = std::make_shared<AccessObservers>(_access, _requests, _tracer),
           .revocation = _events.observer(),
           .decision = std::make_shared<AccessObservers>(_access, _requests, _tracer, decisionRoute)}) {
    _reload.start(std::move(parsed), std::move(resources));
    _notification.ready(summary());
}

std::string RunningDaemon::summary() const {
    return "serving on " + _listeners.status().front().address + ", settings of generation " +
           std::to_string(_reload.status().generation);
}

ReloadOutcome RunningDaemon::reload() {
    _notification.reloading();
    auto outcome = _reload.run();
    _notification.ready(summary() + (outcome.ok() ? "" : "; the last reload failed, see the log"));
    return outcome;
}

void RunningDaemon::reopenFiles() {
    try {
        logOutput()->reopenFile();
    } catch (const Poco::Exception& error) {
        log(Poco::Message::PRIO_ERROR, "cannot reopen the log: " + error.displayText());
    }
    try {
        if (const auto file = _audit->file()) file->reopen();
    } catch (const Poco::Exception& error) {
        log(Poco::Message::PRIO_ERROR, "cannot reopen the audit log: " + error.displayText());
    }
    log(Poco::Message::PRIO_NOTICE, "log files reopened");
}

void RunningDaemon::drain() {
    const auto current = _reload.current();
    _lifecycle->drain();
    const auto& limits = current->settings.server.limits;
    const auto exportTime = std::min(current->settings.trace.timeout, limits.drainTimeout);
    _notification.stopping(limits.drainDelay + limits.drainTimeout + exportTime + stopReserve);
    // Those who wait for Redis must not hold up the end.
    auto drained = std::async(std::launch::async, [this, exportTime] {
        _listeners.stop(false, [this] { _revocations.interrupt(); });
        _tracer->finish(exportTime);
    });
    constexpr auto pause = std::chrono::milliseconds(20);
    while (drained.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
        const int signal = _signals.waitFor(pause).value_or(0);
        if (signal == SIGUSR1) reopenFiles();
        if (signal != SIGTERM && signal != SIGINT) continue;
        log(Poco::Message::PRIO_WARNING, "stopping at once; requests in flight are aborted");
        _listeners.stop(true);
        _tracer->interrupt();
    }
    _signals.close();
}

ReloadOutcome RunningDaemon::requestReload() {
    const auto outcome = std::make_shared<std::promise<ReloadOutcome>>();
    auto future = outcome->get_future();
    _signals.post([this, outcome] {
        if (_lifecycle->isDraining()) {
            outcome->set_value({std::chrono::system_clock::now(), {{"changebankd", "", "is stopping"}}, {}});
        } else {
            outcome->set_value(reload());
        }
    });
    return future.get();
}

}  // namespace changebank::daemon
