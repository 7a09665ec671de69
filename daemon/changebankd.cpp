#include <Poco/Exception.h>
#include <sys/stat.h>

#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "daemon/ChangeBankDaemon.h"
#include "daemon/DaemonOptions.h"
#include "daemon/Detachment.h"
#include "daemon/ExitStatus.h"
#include "daemon/PidFile.h"
#include "daemon/SettingsCheck.h"
#include "daemon/SettingsText.h"
#include "daemon/SignalQueue.h"
#include "daemon/StartFailure.h"
#include "daemon/Version.h"
#include "daemon/http/HTTPServer.h"

using namespace changebank::daemon;

namespace {

int printConfig(const SettingsReading& reading) {
    std::cout << effectiveSettings(reading);
    return reportFaults(reading, std::cerr);
}

Poco::Net::ServerSocket listenOn(const Settings::Server& server) {
    try {
        return changebank::http::listenOn(Poco::Net::SocketAddress(server.host, server.port));
    } catch (const Poco::Exception& error) {
        throw StartFailure(exitUnavailable, "cannot listen on " + server.host + ":" +
                                                std::to_string(server.port) + ": " + error.displayText());
    }
}

/// Serves until a signal ends it. `detachment` is nullptr in the foreground.
int serve(const char* program, const DaemonOptions& options, SettingsReading reading,
          Detachment* detachment) {
    if (options.umask) ::umask(*options.umask);
    std::optional<PidFile> pidFile;
    if (!options.pidFile.empty()) pidFile.emplace(options.pidFile);
    const SignalQueue signals;
    const auto socket = listenOn(reading.settings.server);
    ChangeBankDaemon daemon(options.sources, std::move(reading), socket, signals, [detachment] {
        if (detachment != nullptr) detachment->ready();
    });
    return daemon.run(std::vector<std::string>{program});
}

/// Runs a function that returns an exit status, and turns what it throws into a message and a status.
template <typename Function>
int reportingFailures(Function function) {
    try {
        return function();
    } catch (const StartFailure& failure) {
        std::cerr << "changebankd: " << failure.what() << '\n';
        return failure.exitStatus();
    } catch (const Poco::Exception& error) {
        std::cerr << "changebankd: " << error.displayText() << '\n';
    } catch (const std::exception& error) {
        std::cerr << "changebankd: " << error.what() << '\n';
    }
    return exitSoftware;
}

int start(const char* program, const DaemonOptions& options, SettingsReading reading) {
    if (!reading.good()) return reportFaults(reading, std::cerr);
    if (!options.detach) return serve(program, options, std::move(reading), nullptr);
    Detachment detachment;
    const int status =
        reportingFailures([&] { return serve(program, options, std::move(reading), &detachment); });
    detachment.failed(status);
    return status;
}

int run(const char* program, const DaemonOptions& options) {
    using Task = DaemonOptions::Task;
    switch (options.task) {
        case Task::help:
            std::cout << DaemonOptions::help();
            return exitOk;
        case Task::version:
            std::cout << "changebankd " << version << '\n';
            return exitOk;
        case Task::printDefaults:
            std::cout << exampleSettings();
            return exitOk;
        case Task::check:
            return checkSettings(options.sources);
        case Task::printConfig:
            return printConfig(checkedSettings(options.sources));
        case Task::serve:
            return start(program, options, checkedSettings(options.sources));
    }
    return exitSoftware;
}

}  // namespace

int main(int argc, char** argv) {
    return reportingFailures([&] {
        const auto parsed = DaemonOptions::parse(std::vector<std::string>(argv + 1, argv + argc));
        if (const auto* fault = std::get_if<UsageFault>(&parsed)) {
            std::cerr << "changebankd: " << fault->why << "; see changebankd --help\n";
            return int{exitUsage};
        }
        return run(argv[0], std::get<DaemonOptions>(parsed));
    });
}
