#include "changebank/daemon/control/ControlCommand.h"

#include <Poco/NumberParser.h>
#include <sys/types.h>

#include <csignal>
#include <functional>
#include <iostream>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "changebank/base/system/ErrnoText.h"
#include "changebank/base/text/ForeignText.h"
#include "changebank/base/text/Json.h"
#include "changebank/daemon/command_line/CommandLine.h"
#include "changebank/daemon/control/AdminClient.h"
#include "changebank/daemon/control/ProcessSocket.h"
#include "changebank/daemon/control/StatusFormatter.h"
#include "changebank/daemon/control/UsageMessage.h"
#include "changebank/daemon/process/ExitStatus.h"
#include "changebank/daemon/settings/SettingType.h"
#include "changebank/daemon/settings/SettingsReader.h"

namespace changebank::daemon {

namespace {

constexpr int ok = 200;
constexpr int badRequest = 400;
constexpr int unprocessable = 422;

constexpr auto reloadTarget = "/reload";

constexpr JsonLimits responseLimits{std::size_t{8} * 1024 * 1024, 16, 1'000'000};

const Poco::Util::OptionSet& controlOptions() {
    using Poco::Util::Option;
    static const auto all = optionSet({
        Option("socket", "", "the daemon's admin socket; default: admin.socket of the settings")
            .argument("PATH"),
        Option("pid", "", "ask the daemon with this process id, whichever admin socket it has")
            .argument("PID"),
        Option("json", "", "print the daemon's response as JSON"),
        Option("help", "", "print this text"),
    });
    return all;
}

/// A command's request to the daemon, and its help.
struct Question {
    std::string name;
    std::string usage;
    std::string help;
    std::string method;
    std::string target;
    std::string body{};
};

int reported(const AdminFault& fault) {
    std::cerr << "changebankctl: " << oneLine(fault.why) << '\n';
    switch (fault.kind) {
        case AdminFault::Kind::notRunning:
            return exitNotRunning;
        case AdminFault::Kind::forbidden:
            return exitNoPermission;
        case AdminFault::Kind::failed:
            break;
    }
    return exitUnavailable;
}

/// The error message in a response.
std::string errorIn(const Json* response) {
    const auto* error = response == nullptr ? nullptr : response->find("error");
    return error != nullptr && error->string() != nullptr ? *error->string() : "unexpected response";
}

using Show = std::function<std::string(const Json& response)>;

/// Prints a response, as plain text if `show` is empty.
int shown(const AdminResponse& response, bool asJson, const Show& show) {
    const auto json = Json::parse(response.body, responseLimits);
    const bool hasReport = response.status == ok || response.status == unprocessable;
    if (!hasReport || (show && !json)) {
        std::cerr << "changebankctl: " << oneLine(errorIn(json ? &*json : nullptr)) << '\n';
        return response.status == badRequest ? exitUsage : exitUnavailable;
    }
    if (response.status == unprocessable) {
        if (asJson) std::cout << response.body << '\n';
        std::cerr << formatFaults(*json) << "changebankctl: not reloaded; the old settings stay in effect\n";
        return exitConfiguration;
    }
    std::cout << (asJson || !show ? response.body : show(*json));
    if (asJson) std::cout << '\n';
    return exitOk;
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
        return reported(
            {AdminFault::Kind::failed, "process " + std::to_string(process) + ": " + errnoText()});
    std::cout << "process " << process
              << " has no admin socket; sent SIGHUP instead, see its log for the outcome\n";
    return exitOk;
}

int ask(const Question& question, const CommandLine& line, std::optional<pid_t> process, const Show& show) {
    const auto found = socketToAsk(line, process);
    if (const auto* fault = std::get_if<AdminFault>(&found)) return reported(*fault);
    const auto& path = std::get<std::string>(found);
    if (path.empty() && process && question.target == reloadTarget) return reloadBySignal(*process);
    if (path.empty()) {
        std::cerr << "changebankctl: "
                  << (process ? "process " + std::to_string(*process) + " has no admin socket"
                              : "admin.socket is empty; use --socket=PATH or --pid=PID")
                  << '\n';
        return exitConfiguration;
    }
    const auto response = askDaemon(path, question.method, question.target, question.body);
    if (const auto* fault = std::get_if<AdminFault>(&response)) return reported(*fault);
    return shown(std::get<AdminResponse>(response), line.has("json"), show);
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

/// Parses and runs a command; `complete` checks the operands and returns the usage error, if any.
int run(Question question, const std::vector<std::string>& arguments, const Show& show,
        const std::function<std::optional<std::string>(Question&, const std::vector<std::string>& operands)>&
            complete = nullptr) {
    const auto parsed = CommandLine::parse(controlOptions(), arguments);
    if (const auto* fault = std::get_if<UsageFault>(&parsed)) return reportUsage(question.name, fault->why);
    const auto& line = std::get<CommandLine>(parsed);
    if (line.has("help")) {
        std::cout << helpText(controlOptions(), "changebankctl " + question.usage + " [OPTION]...",
                              question.help);
        return exitOk;
    }
    if (complete) {
        if (const auto why = complete(question, line.operands())) return reportUsage(question.name, *why);
    } else if (!line.operands().empty()) {
        return reportUsage(question.name, "unexpected argument " + inQuotes(line.operands().front()));
    }
    const auto process = processOf(line);
    if (const auto* fault = std::get_if<UsageFault>(&process)) return reportUsage(question.name, fault->why);
    return ask(question, line, std::get<std::optional<pid_t>>(process), show);
}

}  // namespace

int runStatusCommand(const std::vector<std::string>& arguments) {
    return run(
        {.name = "status",
         .usage = "status",
         .help = "Shows what the daemon is doing: version, listeners, connections, requests, denials, keys, "
                 "settings and their last reload. Exit status: 3 if no daemon is running.",
         .method = "GET",
         .target = "/status"},
        arguments, formatStatus);
}

int runReloadCommand(const std::vector<std::string>& arguments) {
    return run(
        {.name = "reload",
         .usage = "reload",
         .help =
             "Reloads the settings and waits until they are in effect. If there are faults, prints each of "
             "them, keeps the old settings and exits with status 78.",
         .method = "POST",
         .target = reloadTarget},
        arguments, formatReload);
}

int runKeysCommand(const std::vector<std::string>& arguments) {
    return run({.name = "keys",
                .usage = "keys [refresh]",
                .help = "Shows the keys that verify tokens; with refresh, fetches them first.",
                .method = "GET",
                .target = "/keys"},
               arguments, formatKeys,
               [](Question& question, const auto& operands) -> std::optional<std::string> {
                   if (operands.empty()) return std::nullopt;
                   if (operands != std::vector<std::string>{"refresh"})
                       return "expected refresh or nothing, not " + inQuotes(operands.front());
                   question.method = "POST";
                   question.target = "/keys/refresh";
                   return std::nullopt;
               });
}

int runMetricsCommand(const std::vector<std::string>& arguments) {
    return run({.name = "metrics",
                .usage = "metrics",
                .help = "Shows the daemon's metrics in Prometheus' text format.",
                .method = "GET",
                .target = "/metrics"},
               arguments, nullptr);
}

int runConfigCommand(const std::vector<std::string>& arguments) {
    return run({.name = "config",
                .usage = "config",
                .help = "Shows the settings in effect and the source of each, as a properties file.",
                .method = "GET",
                .target = "/config"},
               arguments, formatConfig);
}

int runLogLevelCommand(const std::vector<std::string>& arguments) {
    return run(
        {.name = "log-level",
         .usage = "log-level NAME",
         .help = "Sets the minimum level until the next reload: fatal, critical, error, warning, notice, "
                 "information, debug or trace.",
         .method = "PUT",
         .target = "/log-level"},
        arguments, formatLogLevel,
        [](Question& question, const auto& operands) -> std::optional<std::string> {
            if (operands.size() != 1) return "expected the NAME of one level";
            question.body = operands.front();
            return std::nullopt;
        });
}

}  // namespace changebank::daemon
