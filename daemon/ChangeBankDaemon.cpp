#include "daemon/ChangeBankDaemon.h"

#include <Poco/ErrorHandler.h>
#include <Poco/Net/NetSSL.h>

#include <chrono>
#include <csignal>
#include <future>
#include <utility>

#include "daemon/AccessLog.h"
#include "daemon/ChangeBankService.h"
#include "daemon/ExitStatus.h"
#include "daemon/Logging.h"
#include "daemon/LoggingErrorHandler.h"
#include "daemon/SettingDefinition.h"
#include "daemon/http/HTTPServer.h"
#include "daemon/http/ServerParams.h"
#include "daemon/http/TlsContextSource.h"

namespace changebank::daemon {

namespace {

/// Has POCO's threads report to a handler as long as it lives.
class ErrorHandlerScope {
public:
    explicit ErrorHandlerScope(Poco::ErrorHandler& handler) : _before(Poco::ErrorHandler::set(&handler)) {}
    ~ErrorHandlerScope() { Poco::ErrorHandler::set(_before); }
    ErrorHandlerScope(const ErrorHandlerScope&) = delete;
    ErrorHandlerScope& operator=(const ErrorHandlerScope&) = delete;

private:
    Poco::ErrorHandler* _before;
};

/// Names the settings that changed but wait for a restart.
void warnOfRestart(const SettingsReading& before, const SettingsReading& after) {
    for (const auto& definition : settingDefinitions()) {
        const std::string key(definition.key);
        if (definition.applies == Applies::onRestart &&
            before.effective.at(key).text != after.effective.at(key).text) {
            log(Poco::Message::PRIO_WARNING, key + " changed; it takes effect after a restart");
        }
    }
    if (before.settings.logging != after.settings.logging) {
        log(Poco::Message::PRIO_WARNING, "logging.* changed; it takes effect after a restart");
    }
}

/// The source of TLS contexts for a listener; nullptr for plain HTTP.
std::shared_ptr<http::ReplaceableTlsContext> certificatesOf(const Settings::Server& server) {
    if (!server.isSecure()) return nullptr;
    return std::make_shared<http::ReplaceableTlsContext>(http::serverTlsContext(server.tls));
}

/// Has new connections served with the files as they are now; those that live keep what they have.
void replaceCertificates(http::ReplaceableTlsContext* certificates, const Settings::Server& server) {
    if ((certificates != nullptr) != server.isSecure()) {
        log(Poco::Message::PRIO_WARNING, "HTTPS was switched on or off; it takes effect after a restart");
    } else if (certificates) {
        try {
            certificates->replace(http::serverTlsContext(server.tls));
        } catch (const Poco::Exception& error) {
            // They were good a moment ago, when the settings were checked.
            log(Poco::Message::PRIO_ERROR, "the old certificates serve on: " + error.displayText());
        }
    }
}

/// Reads the settings anew and serves by them, or logs every fault and leaves all as it is.
void reload(const SettingsSources& sources, SettingsReading& current, ChangeBankService& service,
            http::ReplaceableTlsContext* certificates) {
    auto next = readSettings(sources);
    if (next.good()) {
        if (const auto why = service.reload(next.settings))
            next.blame("auth.jwks.uri", "cannot fetch keys: " + *why);
    }
    if (!next.good()) {
        for (const auto& fault : next.faults)
            log(Poco::Message::PRIO_ERROR, "reload: " + fault.toText());
        log(Poco::Message::PRIO_ERROR, "settings not reloaded; the old ones serve on");
        return;
    }
    if (next.settings.logLevel != current.settings.logLevel) {
        Poco::Logger::setLevel("", next.settings.logLevel);
    }
    warnOfRestart(current, next);
    replaceCertificates(certificates, next.settings.server);
    current = std::move(next);
    log(Poco::Message::PRIO_NOTICE, "settings reloaded");
}

/// Stops the server when its requests in flight are answered, or at once when a second signal to stop comes.
void drain(http::HTTPServer& server, const SignalQueue& signals) {
    constexpr auto pause = std::chrono::milliseconds(20);
    auto drained = std::async(std::launch::async, [&server] { server.stopAll(false); });
    while (drained.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
        const auto signal = signals.waitFor(pause);
        if (signal != SIGTERM && signal != SIGINT) continue;
        log(Poco::Message::PRIO_WARNING, "stopping at once; requests in flight are cut");
        server.stopAll(true);
    }
}

}  // namespace

ChangeBankDaemon::ChangeBankDaemon(SettingsSources sources, SettingsReading reading,
                                   const Poco::Net::ServerSocket& socket, const SignalQueue& signals,
                                   std::function<void()> ready)
    : _sources(std::move(sources)),
      _reading(std::move(reading)),
      _socket(socket),
      _signals(signals),
      _ready(std::move(ready)) {}

void ChangeBankDaemon::initialize(Poco::Util::Application& self) {
    Poco::Net::initializeSSL();
    config().add(loggingConfiguration(_reading.settings), PRIO_DEFAULT);
    // What POCO has to say before its logging is configured would not have the lines' form.
    logger().setLevel(Poco::Message::PRIO_INFORMATION);
    ServerApplication::initialize(self);
}

void ChangeBankDaemon::uninitialize() {
    ServerApplication::uninitialize();
    Poco::Net::uninitializeSSL();
}

int ChangeBankDaemon::main(const std::vector<std::string>&) {
    LoggingErrorHandler errorHandler;
    const ErrorHandlerScope errorHandlerScope(errorHandler);

    const auto atStart = _reading.settings;
    ChangeBankService service(atStart);
    const auto certificates = certificatesOf(atStart.server);
    http::ServerParams::Ptr params(new http::ServerParams(atStart.server.limits));
    params->setTlsContextSource(certificates);
    const auto accessLog = std::make_shared<AccessLog>(atStart.logAccess);
    params->setAccessObserver(accessLog);
    http::HTTPServer server(service.factory(), _socket, params);
    server.start();
    log(Poco::Message::PRIO_INFORMATION, "listening on " + _socket.address().toString());
    _ready();

    while (true) {
        switch (const int signal = _signals.wait(); signal) {
            case SIGHUP:
                reload(_sources, _reading, service, certificates.get());
                accessLog->enable(_reading.settings.logAccess);
                break;
            case SIGUSR1:
                if (const auto fault = reopenLogFiles(atStart))
                    log(Poco::Message::PRIO_ERROR, "cannot reopen the logs: " + *fault);
                break;
            default:
                log(Poco::Message::PRIO_INFORMATION,
                    signal == SIGINT ? "stopping on SIGINT" : "stopping on SIGTERM");
                drain(server, _signals);
                return exitOk;
        }
    }
}

}  // namespace changebank::daemon
