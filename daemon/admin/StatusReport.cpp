#include "daemon/admin/StatusReport.h"

#include <Poco/JSON/Array.h>
#include <unistd.h>

#include "daemon/LogLevel.h"
#include "daemon/Logging.h"
#include "daemon/RunningDaemon.h"
#include "daemon/Version.h"
#include "daemon/admin/ConnectionStateNames.h"
#include "daemon/admin/JsonText.h"
#include "daemon/admin/KeysReport.h"
#include "daemon/admin/ReloadReport.h"

namespace changebank::daemon {

using Poco::JSON::Array;
using Poco::JSON::Object;

namespace {

Array listeners(const RunningDaemon& daemon) {
    Array all;
    for (const auto& status : daemon.listeners().status()) {
        auto one = orderedObject();
        one.set("purpose", std::string(nameOf(status.purpose)));
        one.set("address", status.address);
        one.set("tls", status.isSecure);
        all.add(one);
    }
    return all;
}

Object connections(const http::ServerCounters& counters) {
    auto object = orderedObject();
    auto byState = orderedObject();
    for (std::size_t i = 0; i < http::connectionStates; ++i)
        byState.set(connectionStateNames[i], counters.connections[i]);
    object.set("open", counters.open());
    object.set("byState", byState);
    object.set("accepted", counters.accepted);
    object.set("refused", counters.refused);
    object.set("acceptFailures", counters.acceptFailures);
    return object;
}

Object requests(const RunningDaemon& daemon) {
    auto byStatus = orderedObject();
    std::uint64_t total = 0;
    for (const auto& [status, count] : daemon.requests().byStatus()) {
        byStatus.set(std::string(status), count);
        total += count;
    }
    auto object = orderedObject();
    object.set("total", total);
    object.set("byStatus", byStatus);
    return object;
}

Object denials(const RunningDaemon& daemon) {
    auto object = orderedObject();
    for (const auto& traits : security::allCauses()) {
        if (const auto count = daemon.service().refusals().of(traits.cause); count > 0)
            object.set(std::string(traits.name), count);
    }
    return object;
}

Object tokenCache(const RunningDaemon& daemon) {
    auto object = orderedObject();
    const auto counters = daemon.service().cache().value_or(security::VerifiedTokenCache::Counters{});
    object.set("hits", counters.hits);
    object.set("misses", counters.misses);
    object.set("entries", static_cast<std::uint64_t>(counters.entries));
    object.set("capacity", static_cast<std::uint64_t>(counters.capacity));
    return object;
}

Object audit(const RunningDaemon& daemon) {
    using Event = security::AuditTrail::Event;
    const auto file = daemon.audit().file();
    auto object = orderedObject();
    object.set("file", file ? file->path() : std::string());
    object.set("recorded",
               daemon.audit().recorded(Event::panic) + daemon.audit().recorded(Event::roleRefused));
    object.set("failed", daemon.audit().failed(Event::panic) + daemon.audit().failed(Event::roleRefused));
    return object;
}

Object settings(const RunningDaemon& daemon) {
    const auto status = daemon.reloads().status();
    auto object = orderedObject();
    object.set("generation", status.generation);
    object.set("reloadsSucceeded", status.succeeded);
    object.set("reloadsFailed", status.failed);
    if (status.last) {
        object.set("lastReload", reloadObject(*status.last, status.generation));
    } else {
        object.set("lastReload", Poco::Dynamic::Var());
    }
    return object;
}

}  // namespace

std::string statusReport(const RunningDaemon& daemon) {
    auto object = orderedObject();
    object.set("version", std::string(version));
    object.set("pid", static_cast<std::int64_t>(::getpid()));
    object.set("state", std::string(daemon.isDraining() ? "draining" : "serving"));
    object.set("startedAt", textOf(daemon.startedAt()));
    object.set("uptimeSeconds", secondsOf(daemon.uptime()));
    object.set("listeners", listeners(daemon));
    object.set("connections", connections(daemon.listeners().counters()));
    object.set("requests", requests(daemon));
    object.set("denials", denials(daemon));
    object.set("keys", keysObject(daemon));
    object.set("tokenCache", tokenCache(daemon));
    object.set("audit", audit(daemon));
    object.set("settings", settings(daemon));
    object.set("logLevel", std::string(nameOf(logOutput()->level())));
    return textOf(object);
}

}  // namespace changebank::daemon
