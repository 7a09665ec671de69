#include "changebank/handlers/decision/DecisionRules.h"

#include <algorithm>
#include <utility>

namespace changebank::handlers {

namespace {

/// A method that no rule names.
constexpr std::string_view otherMethod;

std::string namesOf(const std::vector<unsigned>& numbers) {
    std::string names;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        if (i > 0) names += i + 1 == numbers.size() ? " and " : ", ";
        names += "decision.rule." + std::to_string(numbers[i]);
    }
    return names;
}

std::string whyUnreachable(std::string_view method, const std::vector<unsigned>& numbers) {
    const auto requests = method == otherMethod ? "" : " for " + std::string(method);
    const bool isOne = numbers.size() == 1;
    return "is never reached" + requests + ", since " + namesOf(numbers) +
           (isOne ? " before it matches" : " before it match") + " the same requests";
}

}  // namespace

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

/// The numbers of rules before one that together match all its paths; empty if they do not.
std::vector<unsigned> DecisionRules::coveredBy(std::size_t place, std::string_view method) const {
    std::vector<const DecisionRule*> before;
    std::size_t longest = 0;
    for (std::size_t i = 0; i < place; ++i) {
        if (!_rules[i].hasMethod(method)) continue;
        before.push_back(&_rules[i]);
        longest = std::max(longest, _rules[i].path.size());
    }
    std::vector<unsigned> numbers;
    for (const auto& part : _rules[place].path.parts(longest)) {
        const auto found = std::find_if(before.begin(), before.end(),
                                        [&](const DecisionRule* rule) { return rule->path.covers(part); });
        if (found == before.end()) return {};
        if (std::find(numbers.begin(), numbers.end(), (*found)->number) == numbers.end())
            numbers.push_back((*found)->number);
    }
    std::sort(numbers.begin(), numbers.end());
    return numbers;
}

std::vector<DecisionRules::Fault> DecisionRules::unreachable() const {
    std::vector<Fault> faults;
    for (std::size_t place = 0; place < _rules.size(); ++place) {
        auto methods =
            std::vector<std::string_view>(_rules[place].methods.begin(), _rules[place].methods.end());
        if (methods.empty()) methods.push_back(otherMethod);
        for (const auto method : methods) {
            if (const auto numbers = coveredBy(place, method); !numbers.empty())
                faults.push_back({_rules[place].number, whyUnreachable(method, numbers)});
        }
    }
    return faults;
}

}  // namespace changebank::handlers
