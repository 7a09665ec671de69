#pragma once

#include <Poco/Util/ServerApplication.h>

#include <functional>
#include <string>
#include <vector>

#include "changebank/daemon/process/ServiceNotification.h"
#include "changebank/daemon/process/SignalLoop.h"
#include "changebank/daemon/service/OpenResources.h"
#include "changebank/daemon/settings/SettingsReader.h"

namespace changebank::daemon {

/// The running daemon: serves, and does what signals say. SIGTERM and SIGINT end it with status 0
/// once the requests in flight are answered; SIGHUP reloads the settings; SIGUSR1 reopens log files. POCO's
/// own options for daemons are not used, since they answer the caller before anything is known.
class ChangeBankDaemon : public Poco::Util::ServerApplication {
public:
    /// `parsed` must be good, and is what `sources` gave, `resources` what the settings ask for. `ready` is
    /// called once the daemon serves. The signals and the notification must outlive this.
    ChangeBankDaemon(SettingsSources sources, ParsedSettings parsed, OpenResources resources,
                     SignalLoop& signals, const ServiceNotification& notification,
                     std::function<void()> ready);

protected:
    void initialize(Poco::Util::Application& self) override;
    void uninitialize() override;

    int main(const std::vector<std::string>& arguments) override;

private:
    SettingsSources _sources;
    ParsedSettings _parsed;
    OpenResources _resources;
    SignalLoop& _signals;
    const ServiceNotification& _notification;
    std::function<void()> _ready;
};

}  // namespace changebank::daemon
