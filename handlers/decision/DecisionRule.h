#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "changebank/handlers/decision/PathPattern.h"
#include "changebank/handlers/routing/Route.h"

namespace changebank::handlers {

/// Who may do something with the paths of an API behind a proxy:
///
///     GET,POST /orders/** roles=clerk scopes=orders:read maxAge=15m
///     * /internal/** roles=admin
///     GET /me authenticated
///     GET /catalogue/** public
///
/// An immutable value.
struct DecisionRule {
    /// The N of decision.rule.N, from 1.
    unsigned number = 0;
    /// As isMethodToken() has them, each once. Empty: all (`*`). GET stands for HEAD, too.
    std::vector<std::string> methods;
    PathPattern path;
    /// `public`: Everybody; `authenticated`: AnyPrincipal; else a rule (AccessRule::parse()).
    Access access;

    /// The rule, or why the text is none, as the end of a sentence. It must say who: a rule without the last
    /// part is a fault.
    static std::variant<DecisionRule, std::string> parse(unsigned number, std::string_view text);

    bool hasMethod(std::string_view method) const;

    /// In the form of parse().
    std::string toText() const;
};

}  // namespace changebank::handlers
