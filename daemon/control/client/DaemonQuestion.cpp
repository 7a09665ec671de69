#include "changebank/daemon/control/client/DaemonQuestion.h"

#include <Poco/NumberParser.h>
#include <sys/types.h>

#include <csignal>
#include <iostream>
#include <utility>
#include <variant>

#include "changebank/base/system/ErrnoText.h"
#include "changebank/base/text/ForeignText.h"
#include "changebank/daemon/control/client/AdminAnswer.h"
#include "changebank/daemon/control/client/AdminClient.h"
#include "changebank/daemon/control/client/ProcessSocket.h"
#include "changebank/daemon/control/client/StatusFormatter.h"
#include "changebank/daemon/control/client/UsageMessage.h"
#include "changebank/daemon/process/ExitStatus.h"
#include "changebank/daemon/settings/SettingsReader.h"
#include "changebank/daemon/settings/values/SettingType.h"

namespace changebank::daemon {

namespace {

constexpr int ok = 200;
constexpr int badRequest = 400;
constexpr int conflict = 409;
constexpr int unprocessable = 422;

/// Those of the question, and those that every question has.
Poco::Util::OptionSet optionsOf(const DaemonQuestion& question) {
    using Poco::Util::Option;
    auto all = question.options;
    for (const auto& option :
         {Option("socket", "", "the daemon's admin socket; default: admin.socket of the settings")
              .argument("PATH"),
          Option("pid", "", "ask the daemon with this process id, whichever admin socket it has")
              .argument("PID"),
          Option("json", "", "print the daemon's response as JSON"), Option("help", "", "print this text")})
        all.addOption(option);
    return all;
}

/// The exit status for a response that is an error.
int statusOfError(int status) {
    if (status == badRequest) return exitUsage;
    return status == conflict ? exitConfiguration : exitUnavailable;
}

/// Prints a response, as plain text if there is no `show`.
int shown(const AdminResponse& response, bool asJson, const DaemonQuestion& question) {
    const auto& show = question.show;
    const auto json = jsonOf(response);
    const bool hasReport = response.status == ok || response.status == unprocessable;
    if (!hasReport || (show && !json)) {
        std::cerr << "changebankctl: " << oneLine(errorIn(response)) << '\n';
        return statusOfError(response.status);
    }
    if (response.status == unprocessable) {
        if (asJson) std::cout << response.body << '\n';
        std::cerr << formatFaults(*json) << "changebankctl: not reloaded; the old settings stay in effect\n";
        return exitConfiguration;
    }
    std::cout << (asJson || !show ? response.body : show(*json));
    if (asJson) std::cout << '\n';
    return question.statusOf ? question.statusOf(*json) : int{exitOk};
}

/// The path of the admin socket; empty if there is none.
std::variant<std::string, AdminFault> socketToAsk(const CommandLine& line, std::optional<pid_t> process) {
    if (line.has("socket")) return line.value("socket");
    if (!process) return readSettings(SettingsSources::ofTool()).settings.admin.socket;
    auto found = adminSocketOf(*process);
    if (auto* fault = std::get_if<AdminFault>(&found)) return std::move(*fault);
    return std::get<std::optional<std::string>>(found).value_or("");
}

/// SIGHUP reloads as well, but does not report the outcome.
int reloadBySignal(pid_t process) {
    if (::kill(process, SIGHUP) != 0)
        return reportFault(
            {AdminFault::Kind::failed, "process " + std::to_string(process) + ": " + errnoText()});
    std::cout << "process " << process
              << " has no admin socket; sent SIGHUP instead, see its log for the outcome\n";
    return exitOk;
}

int ask(const DaemonQuestion& question, const CommandLine& line, std::optional<pid_t> process) {
    const auto found = socketToAsk(line, process);
    if (const auto* fault = std::get_if<AdminFault>(&found)) return reportFault(*fault);
    const auto& path = std::get<std::string>(found);
    if (path.empty() && process && question.fallsBackToSighup) return reloadBySignal(*process);
    if (path.empty()) {
        std::cerr << "changebankctl: "
                  << (process ? "process " + std::to_string(*process) + " has no admin socket"
                              : "admin.socket is empty; use --socket=PATH or --pid=PID")
                  << '\n';
        return exitConfiguration;
    }
    if (question.run) return question.run(path, line.has("json"));
    const auto response = askDaemon(path, question.method, question.target, question.body);
    if (const auto* fault = std::get_if<AdminFault>(&response)) return reportFault(*fault);
    return shown(std::get<AdminResponse>(response), line.has("json"), question);
}

/// The process of --pid; std::nullopt if not given.
std::variant<std::optional<pid_t>, UsageFault> processOf(const CommandLine& line) {
    if (!line.has("pid")) return std::nullopt;
    if (line.has("socket")) return UsageFault{"--socket and --pid are mutually exclusive"};
    pid_t process = 0;
    if (!Poco::NumberParser::tryParse(line.value("pid"), process) || process <= 0)
        return UsageFault{"--pid=PID needs a process id, not " + inQuotes(line.value("pid"))};
    return process;
}

/// The request as the command line has it, or the usage error.
std::variant<DaemonQuestion, UsageFault> completed(const DaemonQuestion& question, const CommandLine& line) {
    auto complete = question;
    if (question.complete) {
        if (auto fault = question.complete(complete, line)) return std::move(*fault);
    } else if (!line.operands().empty()) {
        return UsageFault{"unexpected argument " + inQuotes(line.operands().front())};
    }
    return complete;
}

}  // namespace

int DaemonQuestion::ask(const std::vector<std::string>& arguments) const {
    const auto known = optionsOf(*this);
    const auto parsed = CommandLine::parse(known, arguments);
    if (const auto* fault = std::get_if<UsageFault>(&parsed)) return reportUsage(name, fault->why);
    const auto& line = std::get<CommandLine>(parsed);
    if (line.has("help")) {
        std::cout << helpText(known, "changebankctl " + usage + " [OPTION]...", help);
        return exitOk;
    }
    const auto question = completed(*this, line);
    if (const auto* fault = std::get_if<UsageFault>(&question)) return reportUsage(name, fault->why);
    const auto process = processOf(line);
    if (const auto* fault = std::get_if<UsageFault>(&process)) return reportUsage(name, fault->why);
    return daemon::ask(std::get<DaemonQuestion>(question), line, std::get<std::optional<pid_t>>(process));
}

}  // namespace changebank::daemon
