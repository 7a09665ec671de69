#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "changebank/daemon/settings/ParsedSettings.h"
#include "changebank/daemon/settings/SettingDefinition.h"

namespace changebank::daemon {

/// The parts of the key and of the environment variable of a rule before its number.
inline constexpr std::string_view ruleKeyPrefix = "decision.rule.";
inline constexpr std::string_view ruleVariablePrefix = "CHANGEBANK_DECISION_RULE_";

/// The note about what is set while decision.listen is not.
inline constexpr auto withoutDecisionListener =
    "without decision.listen is for changebankctl decide alone, unless systemd opens that socket";

/// N of the key decision.rule.N or its environment variable: 1 to DecisionRules::maxNumber, without leading
/// zeros. std::nullopt for other names.
std::optional<unsigned> ruleNumberOf(std::string_view name);

/// Adds the definitions of decision.*: decision.rule.1, and a decision.rule.N for each of the numbers, which
/// are those of further rules in ascending order.
void addDecisionSettings(std::vector<SettingDefinition>& table, const std::vector<unsigned>& rules);

/// Checks the values of decision.* with each other and with the rest.
void checkDecision(ParsedSettings& parsed);

}  // namespace changebank::daemon
