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

using Poco::Dynamic::Var;
using Poco::JSON::Array;
using Poco::JSON::Object;

namespace {

Array listeners(const RunningDaemon& daemon) {
    Array all;
    for (const auto& status : daemon.listeners().status()) {
        all.add(jsonObject({{"purpose", std::string(nameOf(status.purpose))},
                            {"address", status.address},
                            {"tls", status.isSecure}}));
    }
    return all;
}

Object connections(const http::ServerCounters& counters) {
    auto byState = jsonObject();
    for (std::size_t i = 0; i < http::connectionStates; ++i)
        byState.set(connectionStateNames[i], counters.connections[i]);
    return jsonObject({{"open", counters.open()},
                       {"byState", byState},
                       {"accepted", counters.accepted},
                       {"refused", counters.refused},
                       {"acceptFailures", counters.acceptFailures}});
}

Object requests(const RunningDaemon& daemon) {
    auto byStatus = jsonObject();
    std::uint64_t total = 0;
    for (const auto& [status, count] : daemon.requests().byStatus()) {
        byStatus.set(std::string(status), count);
        total += count;
    }
    return jsonObject({{"total", total}, {"byStatus", byStatus}});
}

Object denials(const RunningDaemon& daemon) {
    auto object = jsonObject();
    for (const auto& traits : security::allCauses()) {
        if (const auto count = daemon.service().refusals().of(traits.cause); count > 0)
            object.set(std::string(traits.name), count);
    }
    return object;
}

Object tokenCache(const RunningDaemon& daemon) {
    const auto counters = daemon.service().cache().value_or(security::VerifiedTokenCache::Counters{});
    return jsonObject({{"hits", counters.hits},
                       {"misses", counters.misses},
                       {"entries", static_cast<std::uint64_t>(counters.entries)},
                       {"capacity", static_cast<std::uint64_t>(counters.capacity)}});
}

Object audit(const RunningDaemon& daemon) {
    using Event = security::AuditTrail::Event;
    const auto file = daemon.audit().file();
    return jsonObject(
        {{"file", file ? file->path() : std::string()},
         {"recorded", daemon.audit().recorded(Event::panic) + daemon.audit().recorded(Event::roleRefused)},
         {"failed", daemon.audit().failed(Event::panic) + daemon.audit().failed(Event::roleRefused)}});
}

Object settings(const RunningDaemon& daemon) {
    const auto status = daemon.reloads().status();
    return jsonObject(
        {{"generation", status.generation},
         {"reloadsSucceeded", status.succeeded},
         {"reloadsFailed", status.failed},
         {"lastReload", status.last ? Var(reloadObject(*status.last, status.generation)) : Var()}});
}

}  // namespace

std::string statusReport(const RunningDaemon& daemon) {
    return textOf(jsonObject({{"version", std::string(version)},
                              {"pid", static_cast<std::int64_t>(::getpid())},
                              {"state", std::string(daemon.isDraining() ? "draining" : "serving")},
                              {"startedAt", textOf(daemon.startedAt())},
                              {"uptimeSeconds", secondsOf(daemon.uptime())},
                              {"listeners", listeners(daemon)},
                              {"connections", connections(daemon.listeners().counters())},
                              {"requests", requests(daemon)},
                              {"denials", denials(daemon)},
                              {"keys", keysObject(daemon)},
                              {"tokenCache", tokenCache(daemon)},
                              {"audit", audit(daemon)},
                              {"settings", settings(daemon)},
                              {"logLevel", std::string(nameOf(logOutput()->level()))}}));
}

}  // namespace changebank::daemon
