#include "changebank/handlers/decision/DecisionRules.h"

#include <algorithm>
#include <utility>

namespace changebank::handlers {

DecisionRules::DecisionRules(std::vector<DecisionRule> rules) : _rules(std::move(rules)) {
    std::sort(_rules.begin(), _rules.end(),
              [](const auto& left, const auto& right) { return left.number < right.number; });
}

std::size_t DecisionRules::find(std::string_view method, std::string_view path) const {
    const auto found = std::find_if(_rules.begin(), _rules.end(), [&](const DecisionRule& rule) {
        return rule.hasMethod(method) && rule.path.matches(path);
    });
    return static_cast<std::size_t>(found - _rules.begin());
}

}  // namespace changebank::handlers
