#include "changebank/daemon/control/DecisionFormatter.h"

#include "changebank/base/text/ForeignText.h"
#include "changebank/daemon/control/client/ResponseMembers.h"

namespace changebank::daemon {

namespace {

/// `rule 3: GET /orders/** roles=clerk`; empty if no rule decided.
std::string ruleIn(const Json& decision) {
    if (member(decision, "rule").isNull()) return {};
    return "rule " + text(decision, "rule") + ": " + text(decision, "methods") + " " +
           text(decision, "pattern") + " " + text(decision, "who");
}

/// `role_missing (403): You do not have …`
std::string causeIn(const Json& decision) {
    return text(decision, "cause") + " (" + text(decision, "status") + "): " + text(decision, "error");
}

/// Without a rule, a request is refused either before one is looked for, with 400 or 403, or because none
/// matches. In the second case its token is verified first, which may give a 401 or 503 instead.
std::string refusalWithoutRule(const Json& decision, const std::string& method, const std::string& target) {
    const auto none = "no rule matches " + oneLine(method) + " " + oneLine(target);
    const auto status = text(decision, "status");
    if (text(decision, "cause") == "rule_missing") return none + " (" + status + ")";
    const bool isBefore = status == "400" || status == "403";
    return causeIn(decision) + (isBefore ? "" : "; " + none);
}

std::string subjectIn(const Json& decision) {
    const auto subject = text(decision, "subject");
    return subject.empty() ? "" : ", subject " + subject;
}

}  // namespace

std::string formatDecision(const Json& decision, const std::string& method, const std::string& target) {
    const auto rule = ruleIn(decision);
    if (isTrue(decision, "allowed"))
        return "allowed" + (rule.empty() ? "" : " by " + rule) + subjectIn(decision) + "\n";
    if (rule.empty()) return "refused: " + refusalWithoutRule(decision, method, target) + "\n";
    return "refused by " + rule + ": " + causeIn(decision) + "\n";
}

}  // namespace changebank::daemon
