#include <Poco/Exception.h>
#include <sys/stat.h>

#include <iostream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "changebank/daemon/ChangeBankDaemon.h"
#include "changebank/daemon/command_line/DaemonOptions.h"
#include "changebank/daemon/logging/Logging.h"
#include "changebank/daemon/process/Daemonization.h"
#include "changebank/daemon/process/DescriptorLimit.h"
#include "changebank/daemon/process/ExitStatus.h"
#include "changebank/daemon/process/PidFile.h"
#include "changebank/daemon/process/ServiceNotification.h"
#include "changebank/daemon/process/SignalLoop.h"
#include "changebank/daemon/process/SocketActivation.h"
#include "changebank/daemon/process/StartFailure.h"
#include "changebank/daemon/process/Version.h"
#include "changebank/daemon/service/OpenResources.h"
#include "changebank/daemon/service/SettingsCheck.h"
#include "changebank/daemon/settings/SettingsReader.h"
#include "changebank/daemon/settings/SettingsText.h"

using namespace changebank;
using namespace changebank::daemon;

namespace {

int printConfig(const ParsedSettings& parsed) {
    std::cout << effectiveSettings(parsed);
    return reportFaults(parsed, std::cerr);
}

/// Sends this process's log to the output in the settings.
void openLog(ParsedSettings& parsed) {
    try {
        useLogOutput(LogOutput::of(parsed.settings));
    } catch (const Poco::Exception& error) {
        parsed.addFault("log.target", error.displayText());
    }
}

/// Waits for queued log lines at its end, for a bounded time.
struct LogFlush {
    LogFlush() = default;
    ~LogFlush() { logOutput()->flush(); }
    LogFlush(const LogFlush&) = delete;
    LogFlush& operator=(const LogFlush&) = delete;
};

/// Serves until a signal stops it. `daemonization` is nullptr in the foreground.
int serve(const char* program, const DaemonOptions& options, ParsedSettings parsed,
          Daemonization* daemonization) {
    SignalLoop signals;
    DescriptorLimit::raise();
    if (options.umask) ::umask(*options.umask);
    std::optional<PidFile> pidFile;
    if (!options.pidFile.empty()) pidFile.emplace(options.pidFile);
    const ServiceNotification notification;
    // Before the log, which starts a thread.
    auto sockets = ListenerSockets::from(adoptListeners());
    openLog(parsed);
    const LogFlush logFlush;
    if (!parsed.ok()) return reportFaults(parsed, std::cerr);
    for (const auto& note : parsed.notes)
        log(Poco::Message::PRIO_WARNING, note);
    ChangeBankDaemon daemon(options.sources, std::move(parsed), {std::move(sockets), nullptr}, signals,
                            notification, [daemonization] {
                                if (daemonization == nullptr) return;
                                // The caller's standard error is replaced now.
                                logOutput()->flush();
                                daemonization->ready();
                            });
    return daemon.serve(program);
}

/// Calls a function that returns an exit status, and converts exceptions to a message and a status.
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

/// In the background standard error is /dev/null, and so is an audit log that goes to it.
void warnOfLostLog(const Settings& settings) {
    if (settings.logTarget.kind != LogTarget::Kind::standardError) return;
    std::cerr << "changebankd: nothing is logged in the background; set log.target"
              << (settings.auditFile.empty() ? ", and audit.file to record panics\n" : "\n");
}

int start(const char* program, const DaemonOptions& options, ParsedSettings parsed) {
    if (!parsed.ok()) return reportFaults(parsed, std::cerr);
    if (!options.detach) return serve(program, options, std::move(parsed), nullptr);
    warnOfLostLog(parsed.settings);
    Daemonization daemonization;
    const int status =
        reportingFailures([&] { return serve(program, options, std::move(parsed), &daemonization); });
    daemonization.failed(status);
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
            return checkSettings(options.sources, options.pidFile);
        case Task::printConfig:
            return printConfig(readSettings(options.sources));
        case Task::serve:
            return start(program, options, readSettings(options.sources));
    }
    return exitSoftware;
}

}  // namespace

int main(int argc, char** argv) {
    SignalLoop::keepEarlySignals();
    return reportingFailures([&] {
        const auto parsed = DaemonOptions::parse(std::vector<std::string>(argv + 1, argv + argc));
        if (const auto* fault = std::get_if<UsageFault>(&parsed)) {
            std::cerr << "changebankd: " << fault->why << "; see changebankd --help\n";
            return int{exitUsage};
        }
        return run(argv[0], std::get<DaemonOptions>(parsed));
    });
}
