#pragma once

#include <Poco/Net/ServerSocket.h>
#include <Poco/Util/ServerApplication.h>

#include <functional>
#include <string>
#include <vector>

#include "daemon/SettingsReader.h"
#include "daemon/SignalQueue.h"

namespace changebank::daemon {

/// The running daemon: serves, and does what signals say. SIGTERM and SIGINT end it with status 0
/// once the requests in flight are answered; SIGHUP has the settings read anew; SIGUSR1 has log files opened
/// anew. POCO's own options for daemons are not used, since they answer the caller before anything is known.
class ChangeBankDaemon : public Poco::Util::ServerApplication {
public:
    /// `reading` must be good, and is what `sources` gave. `socket` must be listening. `ready` is called once
    /// the daemon serves.
    ChangeBankDaemon(SettingsSources sources, SettingsReading reading, const Poco::Net::ServerSocket& socket,
                     const SignalQueue& signals, std::function<void()> ready);

protected:
    void initialize(Poco::Util::Application& self) override;
    void uninitialize() override;

    int main(const std::vector<std::string>& arguments) override;

private:
    SettingsSources _sources;
    SettingsReading _reading;
    Poco::Net::ServerSocket _socket;
    const SignalQueue& _signals;
    std::function<void()> _ready;
};

}  // namespace changebank::daemon
