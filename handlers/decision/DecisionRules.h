#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "changebank/handlers/decision/DecisionRule.h"

namespace changebank::handlers {

/// Rules in order, of which the first that matches decides. Immutable, usable from any thread.
class DecisionRules {
public:
    /// The greatest number of a rule.
    static constexpr unsigned maxNumber = 1'000;

    /// Sorts them by number.
    explicit DecisionRules(std::vector<DecisionRule> rules);

    const std::vector<DecisionRule>& all() const noexcept { return _rules; }

    /// The place in all() of the first rule with that method and path (normalPath()); all().size() if there
    /// is none.
    std::size_t find(std::string_view method, std::string_view path) const;

    struct Fault {
        unsigned number;
        /// The end of a sentence.
        std::string why;
    };

    /// The rules that no request reaches, since rules before them, alone or together, match all that they
    /// match: also for one of several methods, unless the methods are `*`. In order; names the rules before.
    std::vector<Fault> unreachable() const;

private:
    std::vector<unsigned> coveredBy(std::size_t place, std::string_view method) const;

    std::vector<DecisionRule> _rules;
};

}  // namespace changebank::handlers
