#include "changebank/daemon/control/ControlCommand.h"

#include <chrono>
#include <cstdint>
#include <optional>

#include "changebank/base/text/ForeignText.h"
#include "changebank/daemon/control/client/DaemonQuestion.h"
#include "changebank/daemon/control/client/Repetition.h"
#include "changebank/daemon/control/client/StatusFormatter.h"
#include "changebank/daemon/control/live/Screen.h"
#include "changebank/daemon/control/live/StatusWatch.h"
#include "changebank/daemon/settings/values/SettingType.h"

namespace changebank::daemon {

namespace {

constexpr std::chrono::seconds defaultInterval{2};
constexpr std::uint64_t longestInterval = 3'600;

}  // namespace

int runStatusCommand(const std::vector<std::string>& arguments) {
    const auto complete = [](DaemonQuestion& question, const CommandLine& line) -> std::optional<UsageFault> {
        if (!line.operands().empty())
            return UsageFault{"unexpected argument " + inQuotes(line.operands().front())};
        if (!line.has("watch")) return std::nullopt;
        std::chrono::seconds interval = defaultInterval;
        if (const auto text = line.value("watch"); !text.empty()) {
            const auto number = IntegerType{1, longestInterval}.read(text);
            if (const auto* bad = std::get_if<BadValue>(&number)) return UsageFault{"--watch: " + bad->why};
            interval = std::chrono::seconds(std::get<IntegerType::Value>(number));
        }
        question.run = [interval](const std::string& socketPath, bool asJson) {
            return watchStatus(socketPath, asJson, isScreen(), Repetition::every(interval));
        };
        return std::nullopt;
    };
    return DaemonQuestion{
        .name = "status",
        .usage = "status",
        .help =
            "Shows what the daemon is doing: version, listeners, connections, requests, denials, keys, "
            "revocations, settings and their last reload. Exit status: 3 if no daemon is running.",
        .method = "GET",
        .target = "/status",
        .show = formatStatus,
        .complete = complete,
        .options =
            optionSet({Poco::Util::Option("watch", "", "show it again and again, by default every 2 seconds")
                           .argument("SECONDS", false)})}
        .ask(arguments);
}

int runReloadCommand(const std::vector<std::string>& arguments) {
    return DaemonQuestion{
        .name = "reload",
        .usage = "reload",
        .help =
            "Reloads the settings and waits until they are in effect. If there are faults, prints each of "
            "them, keeps the old settings and exits with status 78.",
        .method = "POST",
        .target = "/reload",
        .show = formatReload,
        .fallsBackToSighup = true}
        .ask(arguments);
}

int runKeysCommand(const std::vector<std::string>& arguments) {
    const auto complete = [](DaemonQuestion& question, const CommandLine& line) -> std::optional<UsageFault> {
        const auto& operands = line.operands();
        if (operands.empty()) return std::nullopt;
        if (operands != std::vector<std::string>{"refresh"})
            return UsageFault{"expected refresh or nothing, not " + inQuotes(operands.front())};
        question.method = "POST";
        question.target = "/keys/refresh";
        return std::nullopt;
    };
    return DaemonQuestion{.name = "keys",
                          .usage = "keys [refresh]",
                          .help = "Shows the keys that verify tokens; with refresh, fetches them first.",
                          .method = "GET",
                          .target = "/keys",
                          .show = formatKeys,
                          .complete = complete}
        .ask(arguments);
}

int runMetricsCommand(const std::vector<std::string>& arguments) {
    return DaemonQuestion{.name = "metrics",
                          .usage = "metrics",
                          .help = "Shows the daemon's metrics in Prometheus' text format.",
                          .method = "GET",
                          .target = "/metrics",
                          .show = nullptr}
        .ask(arguments);
}

int runConfigCommand(const std::vector<std::string>& arguments) {
    return DaemonQuestion{
        .name = "config",
        .usage = "config",
        .help = "Shows the settings in effect and the source of each, as a properties file.",
        .method = "GET",
        .target = "/config",
        .show = formatConfig}
        .ask(arguments);
}

int runLogLevelCommand(const std::vector<std::string>& arguments) {
    const auto complete = [](DaemonQuestion& question, const CommandLine& line) -> std::optional<UsageFault> {
        if (line.operands().size() != 1) return UsageFault{"expected the NAME of one level"};
        question.body = line.operands().front();
        return std::nullopt;
    };
    return DaemonQuestion{
        .name = "log-level",
        .usage = "log-level NAME",
        .help =
            "Sets the minimum level until the next reload: fatal, critical, error, warning, notice, "
            "information, debug or trace.",
        .method = "PUT",
        .target = "/log-level",
        .show = formatLogLevel,
        .complete = complete}
        .ask(arguments);
}

}  // namespace changebank::daemon
