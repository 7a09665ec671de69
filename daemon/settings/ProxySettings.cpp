#include "changebank/daemon/settings/ProxySettings.h"

#include <memory>
#include <string>

#include "changebank/base/text/ForeignText.h"
#include "changebank/daemon/settings/SettingStore.h"

namespace changebank::daemon {

namespace {

Reason storeProxies(Settings& settings, const std::vector<std::string>& entries) {
    for (const auto& entry : entries) {
        if (const auto why = http::TrustedProxies::faultOf(entry)) return inQuotes(entry) + " " + *why;
    }
    settings.server.proxies.proxies = http::TrustedProxies(entries);
    return accepted;
}

}  // namespace

void addProxySettings(std::vector<SettingDefinition>& table) {
    table.push_back(
        define("server.trustedProxies", ListType{true}, "", Applies::atOnce,
               "The proxies in front whose word about their clients is taken: addresses, networks such as "
               "10.0.0.0/8 "
               "or 2001:db8::/32, and unix for every client of a Unix socket. Logs, the audit and "
               "server.maxConnectionsPerClient then know the client behind them; nobody else is believed. "
               "Every "
               "machine in a network can name any client: name single addresses where you can.",
               storeProxies));
    table.push_back(define("server.forwardedField", ChoiceType{{"X-Forwarded-For", "Forwarded"}},
                           "X-Forwarded-For", Applies::atOnce,
                           "The field in which trusted proxies name the client; each must append to it or "
                           "replace it. It is read "
                           "from the right as far as proxies are trusted. The other field is ignored. On the "
                           "decision "
                           "listener the field is X-Forwarded-For, whatever this says.",
                           [](Settings& s, std::size_t value) -> Reason {
                               s.server.proxies.field = value == 0 ? http::ForwardedField::xForwardedFor
                                                                   : http::ForwardedField::forwarded;
                               return accepted;
                           }));
    table.push_back(define(
        "server.proxyProtocol", BooleanType{}, "false", Applies::toNewConnections,
        "Whether trusted proxies begin each connection with a header of the PROXY protocol, version 1 or 2, "
        "before TLS; a connection of theirs without one is closed. Other clients must not send one.",
        keepIn([](Settings& s) { return &s.server.proxies.usesProxyProtocol; })));
}

void checkProxies(ParsedSettings& parsed) {
    auto& server = parsed.settings.server;
    const auto& trust = server.proxies;
    if (!trust.proxies.empty()) {
        server.limits.proxies = std::make_shared<const http::ProxyTrust>(trust);
        return;
    }
    if (trust.usesProxyProtocol)
        parsed.addFault("server.proxyProtocol", "needs server.trustedProxies: who may send such a header");
    parsed.noteUnused({"server.forwardedField"}, "server.trustedProxies is empty");
}

}  // namespace changebank::daemon
