#include "changebank/daemon/control/live/DenialsCommand.h"

#include <chrono>
#include <cstdint>
#include <iostream>
#include <optional>
#include <utility>

#include "changebank/base/text/ForeignText.h"
#include "changebank/daemon/control/client/AdminAnswer.h"
#include "changebank/daemon/control/client/DaemonQuestion.h"
#include "changebank/daemon/control/client/Repetition.h"
#include "changebank/daemon/control/client/ResponseMembers.h"
#include "changebank/daemon/control/live/DenialsFormatter.h"
#include "changebank/daemon/settings/values/SettingType.h"

namespace changebank::daemon {

namespace {

constexpr unsigned mostLines = 1'000;
constexpr unsigned defaultLines = 10;
constexpr std::chrono::seconds pollInterval{1};

/// Knows which denials were printed.
class Follower {
public:
    Follower(std::string socketPath, unsigned lines, bool asJson)
        : _socketPath(std::move(socketPath)), _lines(lines), _asJson(asJson) {}

    std::optional<AdminFault> round() {
        auto asked = ask();
        // Sequence numbers of a new process start over.
        if (const auto* answer = std::get_if<Json>(&asked); answer != nullptr && isOfNewProcess(*answer)) {
            std::cerr << "changebankctl: changebankd was started again" << std::endl;
            _last = 0;
            asked = ask();
        }
        if (auto* fault = std::get_if<AdminFault>(&asked)) return std::move(*fault);
        print(std::get<Json>(asked));
        _isAbsent = false;
        return std::nullopt;
    }

    /// Once until it is back.
    void failed(const AdminFault& fault) {
        if (!std::exchange(_isAbsent, true)) reportFault(fault);
    }

private:
    std::variant<Json, AdminFault> ask() const {
        const auto limit = _startedAt.empty() ? _lines : mostLines;
        return documentOf(_socketPath,
                          "/denials?after=" + std::to_string(_last) + "&limit=" + std::to_string(limit));
    }

    bool isOfNewProcess(const Json& answer) const {
        return !_startedAt.empty() && text(answer, "startedAt") != _startedAt;
    }

    void print(const Json& answer) {
        const auto& denials = array(answer, "denials");
        const auto last = static_cast<std::uint64_t>(number(answer, "last"));
        if (!_startedAt.empty() && last - _last > denials.size())
            std::cerr << "changebankctl: " << last - _last - denials.size()
                      << " denials are not shown: the daemon keeps the last " << mostLines << std::endl;
        for (const auto& denial : denials)
            std::cout << (_asJson ? denial.toText() + "\n" : formatDenial(denial));
        _last = last;
        _startedAt = text(answer, "startedAt");
    }

    const std::string _socketPath;
    const unsigned _lines;
    const bool _asJson;
    std::uint64_t _last = 0;
    /// Empty before the first answer.
    std::string _startedAt;
    bool _isAbsent = false;
};

Poco::Util::OptionSet denialsOptions() {
    using Poco::Util::Option;
    return optionSet({
        Option("follow", "", "go on with new denials, until interrupted"),
        Option("lines", "n", "the last that many, up to 1000; default: 10").argument("N"),
    });
}

std::optional<UsageFault> completeDenials(DaemonQuestion& question, const CommandLine& line) {
    if (!line.operands().empty())
        return UsageFault{"unexpected argument " + inQuotes(line.operands().front())};
    auto lines = defaultLines;
    if (line.has("lines")) {
        const auto number = IntegerType{1, mostLines}.read(line.value("lines"));
        if (const auto* bad = std::get_if<BadValue>(&number)) return UsageFault{"--lines: " + bad->why};
        lines = static_cast<unsigned>(std::get<IntegerType::Value>(number));
    }
    question.target += "?limit=" + std::to_string(lines);
    if (line.has("follow")) {
        question.run = [lines](const std::string& socketPath, bool asJson) {
            return followDenials(socketPath, lines, asJson, Repetition::every(pollInterval));
        };
    }
    return std::nullopt;
}

}  // namespace

int followDenials(const std::string& socketPath, unsigned lines, bool asJson,
                  const std::function<bool()>& wait) {
    Follower follower(socketPath, lines, asJson);
    return Repetition{.round = [&] { return follower.round(); },
                      .failed = [&](const AdminFault& fault) { follower.failed(fault); },
                      .wait = wait}
        .run();
}

int runDenialsCommand(const std::vector<std::string>& arguments) {
    return DaemonQuestion{
        .name = "denials",
        .usage = "denials",
        .help =
            "Shows the last refused requests: when, status, cause, request and client, and as far as known "
            "what the check expected and found, the subject, the route and the request's id. The daemon "
            "keeps 1000 of them in memory, without tokens.",
        .method = "GET",
        .target = "/denials",
        .show = formatDenials,
        .complete = completeDenials,
        .options = denialsOptions()}
        .ask(arguments);
}

}  // namespace changebank::daemon
