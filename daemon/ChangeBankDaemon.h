#pragma once

#include <Poco/Util/ServerApplication.h>

#include <exception>
#include <functional>
#include <string>
#include <vector>

#include "changebank/daemon/process/ServiceNotification.h"
#include "changebank/daemon/process/SignalLoop.h"
#include "changebank/daemon/service/OpenResources.h"
#include "changebank/daemon/settings/ParsedSettings.h"
#include "changebank/daemon/settings/sources/SettingsSources.h"

namespace changebank::daemon {

/// The daemon as a POCO application: serves and handles signals. SIGTERM and SIGINT drain and exit with
/// status 0; SIGHUP reloads the settings; SIGUSR1 reopens log files. Does not use POCO's daemon options,
/// which report success to the caller before the start has succeeded.
class ChangeBankDaemon : public Poco::Util::ServerApplication {
public:
    /// `parsed` must be ok() and come from `sources`; `resources` are those that the process was started
    /// with. `ready` is called once the daemon serves. `signals` and `notification` must outlive this object.
    ChangeBankDaemon(SettingsSources sources, ParsedSettings parsed, OpenResources resources,
                     SignalLoop& signals, const ServiceNotification& notification,
                     std::function<void()> ready);

    /// Serves until a signal stops it; returns the exit status. Throws StartFailure and whatever else ends
    /// the daemon; run() would only log it.
    int serve(const std::string& program);

protected:
    void initialize(Poco::Util::Application& self) override;
    void uninitialize() override;

    int main(const std::vector<std::string>& arguments) override;

private:
    void serveUntilStopped();

    SettingsSources _sources;
    ParsedSettings _parsed;
    OpenResources _resources;
    SignalLoop& _signals;
    const ServiceNotification& _notification;
    std::function<void()> _ready;
    std::exception_ptr _failure;
};

}  // namespace changebank::daemon
