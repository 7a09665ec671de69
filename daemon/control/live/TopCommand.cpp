#include "changebank/daemon/control/live/TopCommand.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <thread>
#include <utility>

#include "changebank/base/text/ForeignText.h"
#include "changebank/daemon/control/client/AdminAnswer.h"
#include "changebank/daemon/control/client/DaemonQuestion.h"
#include "changebank/daemon/control/client/HeldTerminal.h"
#include "changebank/daemon/control/client/Repetition.h"
#include "changebank/daemon/control/live/Screen.h"
#include "changebank/daemon/control/live/TopView.h"
#include "changebank/daemon/process/ExitStatus.h"
#include "changebank/daemon/settings/values/SettingType.h"

namespace changebank::daemon {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds usualInterval{2'000};
constexpr milliseconds shortestInterval{200};
constexpr milliseconds longestInterval{3'600'000};

std::variant<TopSnapshot, AdminFault> snapshotOf(const std::string& socketPath) {
    auto status = documentOf(socketPath, "/status");
    if (auto* fault = std::get_if<AdminFault>(&status)) return std::move(*fault);
    auto metrics = bodyOf(socketPath, "/metrics");
    if (auto* fault = std::get_if<AdminFault>(&metrics)) return std::move(*fault);
    const std::chrono::duration<double> now = steady_clock::now().time_since_epoch();
    return TopSnapshot{std::get<Json>(std::move(status)),
                       MetricSamples::parse(std::get<std::string>(metrics)), now.count()};
}

/// https://no-color.org
bool wantsColours() {
    const char* refused = std::getenv("NO_COLOR");
    return refused == nullptr || *refused == '\0';
}

/// Reads keys without waiting for a line, and without showing them.
class Keys {
public:
    /// False if somebody wants to leave before the time is over.
    bool wait(milliseconds time) const {
        const auto end = steady_clock::now() + time;
        std::array<pollfd, 2> sources{
            {{_modes.isTerminal() ? STDIN_FILENO : -1, POLLIN, 0}, {_signals.descriptor(), POLLIN, 0}}};
        while (true) {
            const auto left = std::chrono::ceil<milliseconds>(end - steady_clock::now());
            const int ready = ::poll(sources.data(), sources.size(),
                                     static_cast<int>(std::max(left, milliseconds(0)).count()));
            if (ready <= 0) return true;
            if (sources[1].revents != 0) return false;
            char key = 0;
            if (::read(STDIN_FILENO, &key, 1) != 1 || key == 'q' || key == 'Q') return false;
        }
    }

private:
    SignalsHeldBack _signals;
    TerminalModesOff _modes{STDIN_FILENO, ICANON | ECHO};
};

int showOnScreen(const std::string& socketPath, milliseconds interval) {
    const Keys keys;
    std::optional<TopSnapshot> before;
    const auto round = [&]() -> std::optional<AdminFault> {
        auto asked = snapshotOf(socketPath);
        if (auto* fault = std::get_if<AdminFault>(&asked)) return std::move(*fault);
        auto& now = std::get<TopSnapshot>(asked);
        const auto size = screenSize();
        std::cout << drawn(topView(before ? &*before : nullptr, now, size, wantsColours()), size);
        before = std::move(now);
        return std::nullopt;
    };
    const auto failed = [](const AdminFault& fault) {
        std::cout << drawn("changebankctl: " + oneLine(fault.why) + "\ntrying again; q leaves\n",
                           screenSize());
    };
    return Repetition{.round = round, .failed = failed, .wait = [&] { return keys.wait(interval); }}.run();
}

int showOnce(const std::string& socketPath, milliseconds interval) {
    const auto before = snapshotOf(socketPath);
    if (const auto* fault = std::get_if<AdminFault>(&before)) return reportFault(*fault);
    std::this_thread::sleep_for(interval);
    const auto now = snapshotOf(socketPath);
    if (const auto* fault = std::get_if<AdminFault>(&now)) return reportFault(*fault);
    std::cout << topView(&std::get<TopSnapshot>(before), std::get<TopSnapshot>(now), {}, false);
    return exitOk;
}

std::optional<UsageFault> completeTop(DaemonQuestion& question, const CommandLine& line) {
    if (!line.operands().empty())
        return UsageFault{"unexpected argument " + inQuotes(line.operands().front())};
    if (line.has("json")) return UsageFault{"has no --json; see changebankctl status --json"};
    auto interval = usualInterval;
    if (line.has("interval")) {
        const auto read = DurationType{shortestInterval, longestInterval}.read(line.value("interval"));
        if (const auto* bad = std::get_if<BadValue>(&read)) return UsageFault{"--interval: " + bad->why};
        interval = std::get<DurationType::Value>(read);
    }
    question.run = [interval](const std::string& socketPath, bool) {
        return isScreen() ? showOnScreen(socketPath, interval) : showOnce(socketPath, interval);
    };
    return std::nullopt;
}

}  // namespace

int runTopCommand(const std::vector<std::string>& arguments) {
    return DaemonQuestion{
        .name = "top",
        .usage = "top",
        .help =
            "Shows what the daemon is doing, as rates: requests by status, latency, connections, token "
            "cache, keys, denials by cause and decisions by rule. Press q to leave. Without a terminal, "
            "shows "
            "one interval and ends. NO_COLOR switches colours off.",
        .method = "GET",
        .target = "/status",
        .show = nullptr,
        .complete = completeTop,
        .options = optionSet({Poco::Util::Option("interval", "", "the time between two tables; default: 2s")
                                  .argument("DURATION")})}
        .ask(arguments);
}

}  // namespace changebank::daemon
