#include "changebank/daemon/control/DecideCommand.h"

#include <iostream>
#include <optional>
#include <string_view>

#include "changebank/base/text/ForeignText.h"
#include "changebank/base/text/JsonText.h"
#include "changebank/base/text/Trimmed.h"
#include "changebank/daemon/control/DecisionFormatter.h"
#include "changebank/daemon/control/client/DaemonQuestion.h"
#include "changebank/daemon/control/client/ResponseMembers.h"

namespace changebank::daemon {

namespace {

constexpr int exitDenied = 1;

Poco::Util::OptionSet decideOptions() {
    using Poco::Util::Option;
    return optionSet(
        {Option("host", "", "the host that the client asks for; default: localhost").argument("HOST")});
}

/// The first line of standard input; std::nullopt if there is none.
std::optional<std::string> tokenFromInput() {
    std::string line;
    if (!std::getline(std::cin, line)) return std::nullopt;
    return std::string(trimmed(line, " \t\r"));
}

std::optional<UsageFault> completeTrial(DaemonQuestion& question, const CommandLine& line) {
    const auto& operands = line.operands();
    if (operands.size() < 2 || operands.size() > 3)
        return UsageFault{"expected a METHOD, a PATH and perhaps a TOKEN or -"};
    auto body = jsonObject({{"method", operands[0]}, {"target", operands[1]}});
    if (line.has("host")) body.set("host", line.value("host"));
    if (operands.size() == 3) {
        const auto token = operands[2] == "-" ? tokenFromInput() : operands[2];
        if (!token || token->empty()) return UsageFault{"there is no token on standard input"};
        body.set("token", *token);
    }
    question.body = textOf(body);
    question.show = [method = operands[0], target = operands[1]](const Json& decision) {
        return formatDecision(decision, method, target);
    };
    return std::nullopt;
}

}  // namespace

int runDecideCommand(const std::vector<std::string>& arguments) {
    return DaemonQuestion{
        .name = "decide",
        .usage = "decide METHOD PATH [TOKEN|-]",
        .help =
            "Says how the decision endpoint decides about a request of a client, by the settings in effect, "
            "and which rule makes it do so. The token is presented as a bearer token; without one, the "
            "client has none; with - it is read from the first line of standard input, since other users of "
            "the machine can see the command line. Nothing is counted, logged or recorded.\n\n"
            "Exit status: 0 the request is allowed, 1 it is refused, 3 no daemon is running, 64 usage error, "
            "78 there are no rules.",
        .method = "POST",
        .target = "/decide",
        .show = {},
        .complete = completeTrial,
        .options = decideOptions(),
        .statusOf = [](const Json& decision) { return isTrue(decision, "allowed") ? 0 : exitDenied; }}
        .ask(arguments);
}

}  // namespace changebank::daemon
