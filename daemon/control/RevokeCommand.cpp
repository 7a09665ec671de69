#include "changebank/daemon/control/RevokeCommand.h"

#include <optional>

#include "changebank/base/text/ForeignText.h"
#include "changebank/base/text/JsonText.h"
#include "changebank/daemon/control/RevocationsFormatter.h"
#include "changebank/daemon/control/UppercaseId.h"
#include "changebank/daemon/control/client/DaemonQuestion.h"

namespace changebank::daemon {

namespace {

Poco::Util::OptionSet revokeOptions() {
    using Poco::Util::Option;
    return optionSet({
        Option("application", "", "with user: only the user's tokens for the application").argument("ID"),
        Option("tenant", "", "with application: only the application's tokens in the tenant").argument("ID"),
        Option("reason", "", "why, for the list and the audit log; default: changebankctl").argument("TEXT"),
    });
}

std::optional<UsageFault> completeRevocation(DaemonQuestion& question, const CommandLine& line) {
    const auto& operands = line.operands();
    if (operands.size() != 2) return UsageFault{"expected user, session or application, and one ID"};
    const auto& kind = operands.front();
    if (kind != "user" && kind != "session" && kind != "application")
        return UsageFault{"expected user, session or application, not " + inQuotes(kind)};
    if (line.has("application") && kind != "user")
        return UsageFault{"--application is of no use with " + kind};
    if (line.has("tenant") && kind != "application") return UsageFault{"--tenant is of no use with " + kind};
    auto body = jsonObject({{kind, operands.back()}});
    warnOfUppercaseId(question.name, operands.back());
    for (const char* option : {"application", "tenant"}) {
        if (line.has(option)) warnOfUppercaseId(question.name, line.value(option));
    }
    for (const char* option : {"application", "tenant", "reason"}) {
        if (line.has(option)) body.set(option, line.value(option));
    }
    question.body = textOf(body);
    return std::nullopt;
}

}  // namespace

int runRevokeCommand(const std::vector<std::string>& arguments) {
    return DaemonQuestion{
        .name = "revoke",
        .usage = "revoke user|session|application ID",
        .help =
            "Revokes tokens: those of a user (the claim sub), of a session (sid) or of an application "
            "(applicationId or aud) that were issued up to now are refused from now on, and by all daemons "
            "that share a Redis. Tokens that are issued later are accepted: deactivate the user or revoke "
            "the refresh tokens in FusionAuth, so that nobody gets a new one. Ids are "
            "compared by bytes: those of FusionAuth are in lower case.\n\n"
            "Exit status: 3 no daemon is running, 69 not revoked, since it could not be written down or "
            "there "
            "are too many revocations, 78 revocation is off.",
        .method = "POST",
        .target = "/revocations",
        .show = formatRevoked,
        .complete = completeRevocation,
        .options = revokeOptions()}
        .ask(arguments);
}

}  // namespace changebank::daemon
