#include "daemon/admin/StatusReport.h"

#include <Poco/JSON/Array.h>
#include <unistd.h>

#include "daemon/LogLevel.h"
#include "daemon/Logging.h"
#include "daemon/Version.h"
#include "daemon/admin/AdminContext.h"
#include "daemon/admin/ConnectionStateNames.h"
#include "daemon/admin/JsonText.h"
#include "daemon/admin/KeysReport.h"
#include "daemon/admin/ReloadReport.h"

namespace changebank::daemon {

using Poco::JSON::Array;
using Poco::JSON::Object;

namespace {

Array listeners(const AdminContext& context) {
    Array all;
    for (const auto& status : context.listeners.status()) {
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

Object requests(const AdminContext& context) {
    auto byStatus = orderedObject();
    std::uint64_t total = 0;
    for (const auto& [status, count] : context.requests.byStatus()) {
        byStatus.set(std::string(status), count);
        total += count;
    }
    auto object = orderedObject();
    object.set("total", total);
    object.set("byStatus", byStatus);
    return object;
}

Object denials(const AdminContext& context) {
    auto object = orderedObject();
    for (const auto& traits : security::allCauses()) {
        if (const auto count = context.service.refusals().of(traits.cause); count > 0)
            object.set(std::string(traits.name), count);
    }
    return object;
}

Object tokenCache(const AdminContext& context) {
    auto object = orderedObject();
    const auto counters = context.service.cache().value_or(security::VerifiedTokenCache::Counters{});
    object.set("hits", counters.hits);
    object.set("misses", counters.misses);
    object.set("entries", static_cast<std::uint64_t>(counters.entries));
    object.set("capacity", static_cast<std::uint64_t>(counters.capacity));
    return object;
}

Object audit(const AdminContext& context) {
    using Event = security::AuditTrail::Event;
    const auto file = context.audit.file();
    auto object = orderedObject();
    object.set("file", file ? file->path() : std::string());
    object.set("recorded", context.audit.recorded(Event::panic) + context.audit.recorded(Event::roleRefused));
    object.set("failed", context.audit.failed(Event::panic) + context.audit.failed(Event::roleRefused));
    return object;
}

Object settings(const AdminContext& context) {
    const auto status = context.reload.status();
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

std::string statusReport(const AdminContext& context) {
    auto object = orderedObject();
    object.set("version", std::string(version));
    object.set("pid", static_cast<std::int64_t>(::getpid()));
    object.set("state", std::string(context.lifecycle.isDraining() ? "draining" : "serving"));
    object.set("startedAt", textOf(context.lifecycle.startedAt()));
    object.set("uptimeSeconds", secondsOf(context.lifecycle.uptime()));
    object.set("listeners", listeners(context));
    object.set("connections", connections(context.listeners.counters()));
    object.set("requests", requests(context));
    object.set("denials", denials(context));
    object.set("keys", keysObject(context));
    object.set("tokenCache", tokenCache(context));
    object.set("audit", audit(context));
    object.set("settings", settings(context));
    object.set("logLevel", std::string(nameOf(logOutput()->level())));
    return textOf(object);
}

}  // namespace changebank::daemon
