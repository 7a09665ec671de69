#include "changebank/daemon/settings/TlsSettings.h"

#include <Poco/Exception.h>

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "changebank/base/text/ForeignText.h"
#include "changebank/base/text/UtcText.h"
#include "changebank/daemon/settings/SettingStore.h"
#include "changebank/daemon/settings/files/FileAccess.h"

namespace changebank::daemon {

using namespace std::chrono_literals;

namespace {

/// Checks what is expected of clients against the other settings of TLS.
void checkClientCertificates(ParsedSettings& parsed) {
    const auto& tls = parsed.settings.server.tls;
    const bool isSecure = parsed.settings.server.isSecure();
    const auto fault = [&](std::string why) {
        parsed.addFault("server.tls.clientCertificates", std::move(why));
    };
    if (!tls.clientCa.empty() && !isSecure)
        parsed.addFault("server.tls.clientCa", "needs server.tls.certificate as well");
    if (!tls.clientCertificates) return;
    const bool isOff = *tls.clientCertificates == http::ClientCertificates::Off;
    if (!isOff && !isSecure) fault("needs server.tls.certificate as well");
    if (isOff && !tls.clientCa.empty()) fault("is off, but server.tls.clientCa is set");
    if (*tls.clientCertificates == http::ClientCertificates::Require && tls.clientCa.empty())
        fault("is require, which needs server.tls.clientCa as well");
}

/// A listener on a Unix socket has no TLS.
void checkSocketWithoutTls(ParsedSettings& parsed) {
    for (const auto* key : {"server.tls.certificate", "server.tls.key", "server.tls.clientCa",
                            "server.tls.clientCertificates", "server.tls.hstsMaxAge"}) {
        if (parsed.isChanged(key))
            parsed.addFault(key, "is for HTTPS, but server.socket is set, which speaks plain HTTP");
    }
}

}  // namespace

void addTlsSettings(std::vector<SettingDefinition>& table) {
    table.push_back(define("server.tls.certificate", PathType{}, "", Applies::toNewConnections,
                           "A PEM file with the server's certificate chain; together with server.tls.key it "
                           "enables HTTPS. A reload always reads both files again.",
                           keepIn([](Settings& s) { return &s.server.tls.certificate; })));
    table.push_back(define("server.tls.key", PathType{}, "", Applies::toNewConnections,
                           "A PEM file with the certificate's private key, without a passphrase.",
                           keepIn([](Settings& s) { return &s.server.tls.key; })));
    table.push_back(define("server.tls.clientCa", PathType{}, "", Applies::toNewConnections,
                           "A PEM file with certificate authorities; if set, a client's certificate must be "
                           "issued by one of them, and clients must present one unless "
                           "server.tls.clientCertificates is request.",
                           keepIn([](Settings& s) { return &s.server.tls.clientCa; })));
    table.push_back(define(
        "server.tls.clientCertificates", OptionalChoiceType{{{"off", "request", "require"}}}, "",
        Applies::toNewConnections,
        "Whether clients are asked for a certificate. request, for tokens that are bound to one (RFC 8705), "
        "also admits clients without a certificate, and any certificate, even one that is self-signed or "
        "has expired, unless server.tls.clientCa is set; require demands one issued by server.tls.clientCa. "
        "If empty, require with server.tls.clientCa and off without.",
        [](Settings& s, std::optional<std::size_t> value) -> Reason {
            auto& kept = s.server.tls.clientCertificates;
            kept.reset();
            if (value) kept = static_cast<http::ClientCertificates>(*value);
            return accepted;
        }));
    table.push_back(define(
        "server.tls.hstsMaxAge", DurationType{0s, 24h * 730}, "4320h", Applies::atOnce,
        "For how long browsers that have had a response over HTTPS use nothing else for this host, in whole "
        "seconds (Strict-Transport-Security, RFC 6797). 0s leaves the field out; to take it back, set 1s for "
        "a while first. Requests for localhost never get it.",
        secondsIn([](Settings& s) { return &s.server.limits.hstsMaxAge; })));
}

void checkTls(ParsedSettings& parsed) {
    const auto& tls = parsed.settings.server.tls;
    if (!parsed.settings.server.socket.empty()) return checkSocketWithoutTls(parsed);
    if (tls.certificate.empty() != tls.key.empty()) {
        const bool keyIsMissing = tls.key.empty();
        parsed.addFault(keyIsMissing ? "server.tls.certificate" : "server.tls.key",
                        std::string("needs ") + (keyIsMissing ? "server.tls.key" : "server.tls.certificate") +
                            " as well");
        return;
    }
    const auto faultsBefore = parsed.faults.size();
    checkClientCertificates(parsed);
    if (!parsed.settings.server.isSecure()) return;
    bool canBeRead = parsed.faults.size() == faultsBefore;
    for (const auto& [key, file] :
         {std::pair{"server.tls.certificate", tls.certificate}, std::pair{"server.tls.key", tls.key},
          std::pair{"server.tls.clientCa", tls.clientCa}}) {
        const auto why = file.empty() ? std::nullopt : faultOfReading(file);
        if (!why) continue;
        parsed.addFault(key, inQuotes(file) + " " + *why);
        canBeRead = false;
    }
    if (!canBeRead) return;
    try {
        parsed.tls = http::serverTlsContext(tls);
        const auto expiry = http::certificateExpiry(*parsed.tls);
        if (expiry && *expiry <= std::chrono::system_clock::now())
            parsed.addNote("server.tls.certificate",
                           "expired at " + utcText(*expiry) + ", so clients refuse to connect: renew it");
    } catch (const Poco::Exception& error) {
        parsed.addFault("server.tls.certificate", error.displayText());
    }
}

}  // namespace changebank::daemon
