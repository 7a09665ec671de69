#include "changebank/daemon/ChangeBankDaemon.h"

#include <Poco/ErrorHandler.h>
#include <Poco/Net/NetSSL.h>

#include <csignal>
#include <utility>

#include "changebank/daemon/RunningDaemon.h"
#include "changebank/daemon/logging/Logging.h"
#include "changebank/daemon/logging/LoggingErrorHandler.h"
#include "changebank/daemon/process/ExitStatus.h"
#include "changebank/daemon/process/Watchdog.h"

namespace changebank::daemon {

namespace {

/// Installs an error handler for POCO's threads during its lifetime.
class ErrorHandlerScope {
public:
    explicit ErrorHandlerScope(Poco::ErrorHandler& handler) : _before(Poco::ErrorHandler::set(&handler)) {}
    ~ErrorHandlerScope() { Poco::ErrorHandler::set(_before); }
    ErrorHandlerScope(const ErrorHandlerScope&) = delete;
    ErrorHandlerScope& operator=(const ErrorHandlerScope&) = delete;

private:
    Poco::ErrorHandler* _before;
};

}  // namespace

ChangeBankDaemon::ChangeBankDaemon(SettingsSources sources, ParsedSettings parsed, OpenResources resources,
                                   SignalLoop& signals, const ServiceNotification& notification,
                                   std::function<void()> ready)
    : _sources(std::move(sources)),
      _parsed(std::move(parsed)),
      _resources(std::move(resources)),
      _signals(signals),
      _notification(notification),
      _ready(std::move(ready)) {}

void ChangeBankDaemon::initialize(Poco::Util::Application& self) {
    Poco::Net::initializeSSL();
    ServerApplication::initialize(self);
}

void ChangeBankDaemon::uninitialize() {
    ServerApplication::uninitialize();
    Poco::Net::uninitializeSSL();
}

int ChangeBankDaemon::serve(const std::string& program) {
    const int status = run(std::vector<std::string>{program});
    if (_failure) std::rethrow_exception(_failure);
    return status;
}

int ChangeBankDaemon::main(const std::vector<std::string>&) {
    try {
        serveUntilStopped();
        return exitOk;
    } catch (...) {
        _failure = std::current_exception();
        return exitSoftware;
    }
}

void ChangeBankDaemon::serveUntilStopped() {
    LoggingErrorHandler errorHandler;
    const ErrorHandlerScope errorHandlerScope(errorHandler);
    RunningDaemon daemon(_sources, std::move(_parsed), std::move(_resources), _signals, _notification);
    const Watchdog watchdog(_notification,
                            [&daemon](auto timeout) { return daemon.listeners().isResponsive(timeout); });
    _ready();

    while (true) {
        switch (const int signal = _signals.wait(); signal) {
            case SIGHUP:
                daemon.reload();
                break;
            case SIGUSR1:
                daemon.reopenFiles();
                break;
            default:
                log(Poco::Message::PRIO_INFORMATION,
                    signal == SIGINT ? "stopping on SIGINT" : "stopping on SIGTERM");
                return daemon.drain();
        }
    }
}

}  // namespace changebank::daemon
