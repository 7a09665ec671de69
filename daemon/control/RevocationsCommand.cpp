#include "changebank/daemon/control/RevocationsCommand.h"

#include <Poco/URI.h>

#include <optional>

#include "changebank/base/text/ForeignText.h"
#include "changebank/daemon/control/RevocationsFormatter.h"
#include "changebank/daemon/control/UppercaseId.h"
#include "changebank/daemon/control/client/DaemonQuestion.h"

namespace changebank::daemon {

namespace {

Poco::Util::OptionSet revocationsOptions() {
    using Poco::Util::Option;
    return optionSet({
        Option("user", "", "only those of the user").argument("ID"),
        Option("session", "", "only that of the session").argument("ID"),
        Option("application", "", "only those of the application, and of users in it").argument("ID"),
        Option("tenant", "", "only those of applications in the tenant").argument("ID"),
        Option("limit", "", "at most that many; default: 100").argument("N"),
    });
}

std::optional<UsageFault> completeList(DaemonQuestion& question, const CommandLine& line) {
    if (!line.operands().empty())
        return UsageFault{"unexpected argument " + inQuotes(line.operands().front())};
    for (const char* option : {"user", "session", "application", "tenant", "limit"}) {
        if (!line.has(option)) continue;
        warnOfUppercaseId(question.name, line.value(option));
        std::string value;
        Poco::URI::encode(line.value(option), "&+=#?/", value);
        question.target += (question.target.find('?') == std::string::npos ? "?" : "&") +
                           (std::string(option) + "=" + value);
    }
    return std::nullopt;
}

}  // namespace

int runRevocationsCommand(const std::vector<std::string>& arguments) {
    return DaemonQuestion{
        .name = "revocations",
        .usage = "revocations",
        .help =
            "Lists the revocations in effect, the latest first. A token of the user, session or application "
            "is refused if it was issued up to the time of the revocation. With several options, those that "
            "have all of the ids.\n\n"
            "Exit status: 3 no daemon is running, 78 revocation is off.",
        .method = "GET",
        .target = "/revocations",
        .show = formatRevocations,
        .complete = completeList,
        .options = revocationsOptions()}
        .ask(arguments);
}

}  // namespace changebank::daemon
