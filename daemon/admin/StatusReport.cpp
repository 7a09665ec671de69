#include "changebank/daemon/admin/StatusReport.h"

#include <Poco/JSON/Array.h>
#include <unistd.h>

#include <chrono>

#include "changebank/base/text/JsonText.h"
#include "changebank/base/text/UtcText.h"
#include "changebank/daemon/admin/AdminContext.h"
#include "changebank/daemon/admin/ConnectionStateNames.h"
#include "changebank/daemon/admin/KeysReport.h"
#include "changebank/daemon/admin/ReloadReport.h"
#include "changebank/daemon/admin/ReportTimes.h"
#include "changebank/daemon/admin/RevocationsReport.h"
#include "changebank/daemon/logging/Logging.h"
#include "changebank/daemon/process/Version.h"
#include "changebank/daemon/settings/DevelopmentWarning.h"
#include "changebank/daemon/settings/values/LogLevel.h"

namespace changebank::daemon {

using Poco::Dynamic::Var;
using Poco::JSON::Array;
using Poco::JSON::Object;

namespace {

Array listeners(const AdminContext& context) {
    Array all;
    for (const auto& status : context.listeners.status()) {
        all.add(jsonObject({{"purpose", std::string(nameOf(status.purpose))},
                            {"address", status.address},
                            {"tls", status.isSecure},
                            {"certificateExpiry",
                             status.certificateExpiry ? Var(utcText(*status.certificateExpiry)) : Var()}}));
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
                       {"refused", counters.rejected},
                       {"withoutProxyHeader", counters.withoutProxyHeader},
                       {"evicted", counters.evicted},
                       {"failed", counters.failed},
                       {"memory", counters.memory},
                       {"acceptFailures", counters.acceptFailures}});
}

Object requests(const AdminContext& context) {
    auto byStatus = jsonObject();
    std::uint64_t total = 0;
    for (const auto& [status, count] : context.requests.byStatus()) {
        byStatus.set(std::string(status), count);
        total += count;
    }
    return jsonObject({{"total", total}, {"byStatus", byStatus}});
}

/// null without rules.
Var decisions(const AdminContext& context) {
    const auto current = context.reload.current();
    const auto& decision = current->settings.decision;
    if (decision.rules.empty()) return {};
    const auto totals = context.decisions.totals();
    const bool isForwarded = decision.convention == handlers::RequestConvention::forwarded;
    return jsonObject({{"rules", std::uint64_t{decision.rules.size()}},
                       {"convention", std::string(isForwarded ? "forwarded" : "original")},
                       {"identityTokens", decision.tokens != nullptr},
                       {"connections", connections(context.listeners.counters(ListenerPurpose::decision))},
                       {"allowed", totals.allowed},
                       {"refused", totals.refused}});
}

Object denials(const AdminContext& context) {
    auto object = jsonObject();
    for (const auto& traits : security::allCauses()) {
        if (const auto count = context.service.refusals().of(traits.cause); count > 0)
            object.set(std::string(traits.name), count);
    }
    return object;
}

/// null if none is on.
Var limits(const AdminContext& context) {
    const auto all = context.service.limits();
    if (all.empty()) return {};
    auto object = jsonObject();
    for (const auto& limit : all) {
        object.set(std::string(limit.name), jsonObject({{"rate", std::uint64_t{limit.rate.rate}},
                                                        {"burst", std::uint64_t{limit.rate.burst}},
                                                        {"entries", std::uint64_t{limit.used}},
                                                        {"capacity", std::uint64_t{limit.capacity}}}));
    }
    return object;
}

Object dpopProofs(const AdminContext& context) {
    const auto counters = context.service.replays();
    const auto shared = context.service.sharedReplays();
    return jsonObject(
        {{"entries", counters.entries},
         {"bytes", counters.bytes},
         {"capacity", counters.capacity},
         {"shared", shared ? Var(jsonObject({{"up", shared->isUp}, {"failure", shared->failure}})) : Var()}});
}

Object tokenCache(const AdminContext& context) {
    const auto counters = context.service.cache().value_or(security::VerifiedTokenCache::Counters{});
    return jsonObject({{"hits", counters.hits},
                       {"misses", counters.misses},
                       {"entries", static_cast<std::uint64_t>(counters.entries)},
                       {"capacity", static_cast<std::uint64_t>(counters.capacity)}});
}

Object audit(const AdminContext& context) {
    using Event = security::AuditTrail::Event;
    const auto file = context.audit.file();
    return jsonObject(
        {{"file", file ? file->path() : std::string()},
         {"recorded", context.audit.recorded(Event::panic) + context.audit.recorded(Event::roleRefused) +
                          context.audit.recordedRevocations()},
         {"failed", context.audit.failed(Event::panic) + context.audit.failed(Event::roleRefused) +
                        context.audit.failedRevocations()}});
}

Object settings(const AdminContext& context) {
    const auto status = context.reload.status();
    return jsonObject(
        {{"generation", status.generation},
         {"reloadsSucceeded", status.succeeded},
         {"reloadsFailed", status.failed},
         {"warning", developmentWarning(context.reload.current()->settings)},
         {"lastReload", status.last ? Var(reloadObject(*status.last, status.generation)) : Var()}});
}

}  // namespace

std::string statusReport(const AdminContext& context) {
    auto status = jsonObject(
        {{"version", std::string(version)},
         {"pid", static_cast<std::int64_t>(::getpid())},
         {"state", std::string(context.lifecycle.isDraining() ? "draining" : "serving")},
         {"startedAt", utcText(std::chrono::floor<std::chrono::seconds>(context.lifecycle.startedAt()))},
         {"uptimeSeconds", secondsOf(context.lifecycle.uptime())},
         {"listeners", listeners(context)},
         {"connections", connections(context.listeners.counters())},
         {"requests", requests(context)},
         {"decisions", decisions(context)},
         {"denials", denials(context)},
         {"keys", keysObject(context)},
         {"tokenCache", tokenCache(context)},
         {"limits", limits(context)},
         {"dpopProofs", dpopProofs(context)},
         {"audit", audit(context)},
         {"settings", settings(context)},
         {"logLevel", std::string(nameOf(logOutput()->level()))},
         {"logLinesLost", logOutput()->lost()}});
    const auto revocation = context.revocations.status();
    if (revocation.isOn) status.set("revocation", revocationObject(revocation));
    return textOf(status);
}

}  // namespace changebank::daemon
