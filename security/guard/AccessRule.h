#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "changebank/base/system/Clock.h"
#include "changebank/security/refusal/Challenge.h"
#include "changebank/security/refusal/Refusal.h"
#include "changebank/security/token/Principal.h"

namespace changebank::security {

/// Who may do something: demands on the roles, scopes and permissions of the principal, on how and how long
/// ago it authenticated, and on its token. All demands must be met; a rule without one passes every
/// principal. Built by the functions below,
///
///     (anyRole({"teller", "manager"}) && allScopes({"change:make"})).maxAge(15min)
///
/// or from text. An immutable value, usable from any thread.
class AccessRule {
public:
    enum class Kind : unsigned char { roles, scopes, permissions };
    enum class Quantity : unsigned char { any, all };

    /// Any of the names, or all of them, compared exactly. Any of no names refuses everybody, all of none
    /// nobody.
    struct Demand {
        Kind kind;
        Quantity quantity;
        std::vector<std::string> names;

        friend bool operator==(const Demand&, const Demand&) = default;
    };

    AccessRule() = default;

    /// Throws Poco::InvalidArgumentException if a scope is not a scope-token (RFC 6749 section 3.3).
    explicit AccessRule(Demand demand);

    /// The same rule for those who authenticated at most that long ago: the claim `auth_time` says when. A
    /// principal without it is refused, and so is one whose time is more than maxSkew in the future. Of two
    /// ages the lower one counts. Throws Poco::InvalidArgumentException unless the age is above zero.
    AccessRule maxAge(std::chrono::seconds age) const;

    /// The same rule for those whose claim `acr` is one of these, in order of preference. Of two lists the
    /// common ones count. Throws Poco::InvalidArgumentException if there are none, or if one cannot stand in
    /// a challenge (isScopeToken()).
    AccessRule acr(std::vector<std::string> classes) const;

    /// The same rule for those whose token is bound to a key of theirs (RFC 9449).
    AccessRule dpopBound() const;

    /// The demands of both. Throws like acr().
    friend AccessRule operator&&(const AccessRule& left, const AccessRule& right);

    /// Parses terms that are separated by blanks, each `NAME=LIST` with commas in the list:
    ///
    ///     roles=customer,teller scopes=change:make maxAge=15m acr=urn:x
    ///
    /// `roles` (any of them), `allRoles`, `scopes` (all of them), `anyScope`, `permissions` (all of them),
    /// `anyPermission`; `maxAge`, a number with the unit s, m or h; `acr`, any of them, in order of
    /// preference; `dpop=require`. In a role or a permission `%20` stands for a blank, `%2C` for a comma,
    /// `%25` for `%`. Returns the rule, or why the text is none, as the end of a sentence. Lists are not
    /// empty, no scope and no acr has a comma in it, and maxAge and acr occur once.
    static std::variant<AccessRule, std::string> parse(std::string_view text);

    /// The rule in the form of parse(), which reads it back unless a list is empty or a scope has a comma in
    /// it.
    std::string toText() const;

    /// std::nullopt if the principal may; else the first demand that is not met: Cause::dpopRequired, then
    /// roleMissing, scopeMissing or permissionMissing, and after these insufficientAuthentication.
    std::optional<Refusal> check(const Principal& principal, Clock::Wall now) const;

    bool isDpopRequired() const noexcept { return _isDpopRequired; }

    /// Whether check() needs the time.
    bool hasMaxAge() const noexcept { return _maxAge.has_value(); }

    bool hasClasses() const noexcept { return !_classes.empty(); }

    /// Whether it has a demand of a kind.
    bool demands(Kind kind) const noexcept;

    /// The names of all demands of a kind, each once, in their order.
    std::vector<std::string> namesOf(Kind kind) const;

    /// The challenge of a route with this rule: the given parts and the rule's demands. Throws like
    /// Challenge's constructor, and if the rule needs DPoP and the parts have no algorithms for it.
    Challenge::Ptr challenge(Challenge::Parts parts = {}) const;

    friend bool operator==(const AccessRule&, const AccessRule&) = default;

    /// The tolerated difference between our clock and the issuer's.
    static constexpr std::chrono::seconds maxSkew{60};

private:
    bool isAuthenticated(const Principal& principal, Clock::Wall now) const;
    /// The refusal of a principal for which isAuthenticated() does not hold.
    Refusal weaknessOf(const Principal& principal, Clock::Wall now) const;

    std::vector<Demand> _demands;
    std::optional<std::chrono::seconds> _maxAge;
    std::vector<std::string> _classes;
    bool _isDpopRequired = false;
};

/// Passes every principal.
AccessRule anyPrincipal();

AccessRule anyRole(std::vector<std::string> roles);
AccessRule allRoles(std::vector<std::string> roles);
AccessRule anyScope(std::vector<std::string> scopes);
AccessRule allScopes(std::vector<std::string> scopes);
AccessRule anyPermission(std::vector<std::string> permissions);
AccessRule allPermissions(std::vector<std::string> permissions);

}  // namespace changebank::security
