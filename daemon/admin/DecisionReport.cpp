#include "changebank/daemon/admin/DecisionReport.h"

#include <Poco/String.h>

#include <algorithm>
#include <string_view>

#include "changebank/base/text/Json.h"
#include "changebank/base/text/JsonText.h"
#include "changebank/daemon/admin/TextOrNull.h"

namespace changebank::daemon {

using Poco::Dynamic::Var;
using Poco::JSON::Object;

namespace {

constexpr int allowedStatus = 200;

/// The parts of the rule's text: `GET,POST /orders/** roles=clerk`.
void addRule(Object& report, const std::optional<handlers::DecisionRule>& rule) {
    const auto text = rule ? rule->toText() : std::string();
    const auto methods = text.substr(0, text.find(' '));
    const auto rest = text.substr(std::min(text.size(), methods.size() + 1));
    const auto pattern = rest.substr(0, rest.find(' '));
    report.set("rule", rule ? Var(rule->number) : Var());
    report.set("methods", textOrNull(methods));
    report.set("pattern", textOrNull(pattern));
    report.set("who", textOrNull(rest.substr(std::min(rest.size(), pattern.size() + 1))));
}

Var errorOf(const handlers::TriedDecision& decision) {
    if (decision.status == allowedStatus) return {};
    const auto body = Json::parse(decision.body);
    const auto* error = body ? body->find("error") : nullptr;
    return error != nullptr && error->string() != nullptr ? Var(*error->string()) : Var();
}

Object fieldsOf(const handlers::TriedDecision& decision) {
    auto fields = jsonObject();
    for (const auto& [name, value] : decision.fields) {
        const bool isSecret = Poco::icompare(name, "X-Auth-Token") == 0 && !value.empty();
        const auto shown = isSecret ? "(a token)" : value;
        fields.set(name, fields.has(name) ? fields.getValue<std::string>(name) + ", " + shown : shown);
    }
    return fields;
}

}  // namespace

std::string decisionReport(const DecisionTrials::Outcome& outcome) {
    const auto& decision = outcome.decision;
    auto report = jsonObject({{"allowed", decision.status == allowedStatus}, {"status", decision.status}});
    addRule(report, outcome.rule);
    report.set("cause", textOrNull(decision.cause));
    report.set("subject", textOrNull(decision.subject));
    report.set("error", errorOf(decision));
    report.set("fields", fieldsOf(decision));
    return textOf(report);
}

}  // namespace changebank::daemon
