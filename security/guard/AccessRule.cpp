#include "changebank/security/guard/AccessRule.h"

#include <Poco/Exception.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "changebank/base/text/Ascii.h"
#include "changebank/base/text/ForeignText.h"
#include "changebank/base/text/PercentEncoding.h"

namespace changebank::security {

namespace {

using Kind = AccessRule::Kind;
using Quantity = AccessRule::Quantity;
using Names = std::vector<std::string>;

constexpr std::string_view blanks = " \t";

/// How a demand is called in texts.
struct Term {
    std::string_view name;
    Kind kind;
    Quantity quantity;
};
constexpr std::array<Term, 6> terms{{{"roles", Kind::roles, Quantity::any},
                                     {"allRoles", Kind::roles, Quantity::all},
                                     {"scopes", Kind::scopes, Quantity::all},
                                     {"anyScope", Kind::scopes, Quantity::any},
                                     {"permissions", Kind::permissions, Quantity::all},
                                     {"anyPermission", Kind::permissions, Quantity::any}}};

/// Largest first.
struct Unit {
    char name;
    std::chrono::seconds length;
};
constexpr std::array<Unit, 3> units{
    {{'h', std::chrono::hours(1)}, {'m', std::chrono::minutes(1)}, {'s', std::chrono::seconds(1)}}};
/// Beyond every date, in seconds; a token may have any number.
constexpr double farAway = 1e12;
constexpr std::chrono::seconds longestAge = std::chrono::hours(10'000);

bool contains(const Names& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

const Names& namesOfPrincipal(const Principal& principal, Kind kind) {
    switch (kind) {
        case Kind::scopes:
            return principal.scopes;
        case Kind::permissions:
            return principal.permissions;
        case Kind::roles:
            break;
    }
    return principal.roles;
}

Cause causeOf(Kind kind) {
    switch (kind) {
        case Kind::scopes:
            return Cause::scopeMissing;
        case Kind::permissions:
            return Cause::permissionMissing;
        case Kind::roles:
            break;
    }
    return Cause::roleMissing;
}

bool isMet(const AccessRule::Demand& demand, const Principal& principal) {
    const auto& has = namesOfPrincipal(principal, demand.kind);
    const auto isThere = [&](const std::string& name) { return contains(has, name); };
    const auto& names = demand.names;
    return demand.quantity == Quantity::any ? std::any_of(names.begin(), names.end(), isThere)
                                            : std::all_of(names.begin(), names.end(), isThere);
}

/// A name without the characters that separate names and terms.
std::string escaped(std::string_view name) {
    std::string text;
    for (const char c : name) {
        if (c == ' ' || c == ',' || c == '%' || isControl(c)) {
            appendEscape(text, c);
        } else {
            text += c;
        }
    }
    return text;
}

/// std::nullopt if a percent sign is not followed by two hexadecimal digits.
std::optional<std::string> unescaped(std::string_view text) {
    std::string name;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            name += text[i];
            continue;
        }
        if (text.size() - i < 3) return std::nullopt;
        const int high = hexDigitValue(text[i + 1]);
        const int low = hexDigitValue(text[i + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        name += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return name;
}

/// What the principal lacks. Roles and the like come from the token and may be many.
Refusal lackOf(const AccessRule::Demand& demand, const Principal& principal) {
    const auto listed = [](const Names& names) {
        std::string text;
        for (const auto& name : names) {
            text += (text.empty() ? "" : ", ") + name;
            if (text.size() > Refusal::maxEvidence) break;
        }
        return text.empty() ? std::string("none") : text;
    };
    const bool isChoice = demand.quantity == Quantity::any && demand.names.size() > 1;
    return Refusal{causeOf(demand.kind)}.withEvidence((isChoice ? "one of " : "") + listed(demand.names),
                                                      listed(namesOfPrincipal(principal, demand.kind)));
}

std::string joined(const Names& names) {
    std::string text;
    for (const auto& name : names)
        text += (&name == names.data() ? "" : ",") + escaped(name);
    return text;
}

std::string durationText(std::chrono::seconds age) {
    const auto unit = std::find_if(units.begin(), units.end(),
                                   [&](const Unit& each) { return age % each.length == age.zero(); });
    return std::to_string(age / unit->length) + unit->name;
}

std::optional<std::chrono::seconds> ageOf(std::string_view text) {
    std::int64_t number = 0;
    const auto* last = text.data() + text.size();
    const auto read = std::from_chars(text.data(), last, number);
    if (read.ec != std::errc{} || last - read.ptr != 1) return std::nullopt;
    const auto unit =
        std::find_if(units.begin(), units.end(), [&](const Unit& each) { return each.name == *read.ptr; });
    if (unit == units.end() || number < 1 || number > longestAge / unit->length) return std::nullopt;
    return number * unit->length;
}

/// Reads the terms of a text one by one.
class Reader {
public:
    std::optional<std::string> add(std::string_view term) {
        const auto equals = term.find('=');
        if (equals == std::string_view::npos)
            return inQuotes(term) + " is not of the form NAME=LIST, such as roles=teller";
        const auto name = term.substr(0, equals);
        const auto value = term.substr(equals + 1);
        if (name == "maxAge") return addAge(value);
        if (name == "dpop") return addDpop(value);
        const auto found =
            std::find_if(terms.begin(), terms.end(), [&](const Term& each) { return each.name == name; });
        if (found == terms.end() && name != "acr") {
            return inQuotes(name) +
                   " is none of roles, allRoles, scopes, anyScope, permissions, anyPermission, "
                   "maxAge, acr and dpop";
        }
        Names names;
        if (auto why = readNames(name, value, names)) return why;
        if (found == terms.end()) return addClasses(std::move(names));
        return addDemand({found->kind, found->quantity, std::move(names)});
    }

    AccessRule rule() const { return _rule; }

private:
    static std::optional<std::string> readNames(std::string_view term, std::string_view list, Names& names) {
        while (true) {
            const auto comma = list.find(',');
            auto name = unescaped(list.substr(0, comma));
            if (!name)
                return inQuotes(list.substr(0, comma)) + " has a % without two hexadecimal digits behind it";
            if (name->empty()) return "the list of " + std::string(term) + " has an empty name in it";
            names.push_back(std::move(*name));
            if (comma == std::string_view::npos) return std::nullopt;
            list.remove_prefix(comma + 1);
        }
    }

    std::optional<std::string> addAge(std::string_view value) {
        if (std::exchange(_hasAge, true)) return std::string("has maxAge twice");
        const auto age = ageOf(value);
        if (!age)
            return inQuotes(value) +
                   " is not a duration of whole seconds above zero, such as 30s, 15m or 24h";
        _rule = _rule.maxAge(*age);
        return std::nullopt;
    }

    std::optional<std::string> addDpop(std::string_view value) {
        if (_rule.isDpopRequired()) return std::string("has dpop twice");
        if (value != "require")
            return inQuotes(value) + " is not a value of dpop, which is only dpop=require";
        _rule = _rule.dpopBound();
        return std::nullopt;
    }

    std::optional<std::string> addClasses(Names classes) {
        if (std::exchange(_hasClasses, true)) return std::string("has acr twice");
        for (const auto& each : classes) {
            if (!isScopeToken(each) || each.find(',') != std::string::npos)
                return inQuotes(each) +
                       " cannot be an acr: it has a blank, a comma, a quotation mark, a "
                       "backslash or a character beyond ASCII";
        }
        _rule = _rule.acr(std::move(classes));
        return std::nullopt;
    }

    std::optional<std::string> addDemand(AccessRule::Demand demand) {
        for (const auto& name : demand.names) {
            if (demand.kind == Kind::scopes && (!isScopeToken(name) || name.find(',') != std::string::npos))
                return inQuotes(name) +
                       " cannot be a scope: it has a blank, a comma, a quotation mark, a "
                       "backslash or a character beyond ASCII";
        }
        _rule = _rule && AccessRule(std::move(demand));
        return std::nullopt;
    }

    AccessRule _rule;
    bool _hasAge = false;
    bool _hasClasses = false;
};

}  // namespace

AccessRule::AccessRule(Demand demand) : _demands{std::move(demand)} {
    const auto& [kind, quantity, names] = _demands.front();
    const auto bad = std::find_if_not(names.begin(), names.end(), isScopeToken);
    if (kind == Kind::scopes && bad != names.end()) throw Poco::InvalidArgumentException("not a scope", *bad);
}

AccessRule AccessRule::maxAge(std::chrono::seconds age) const {
    if (age <= age.zero())
        throw Poco::InvalidArgumentException("the maximum age of an authentication is not above zero");
    auto rule = *this;
    rule._maxAge = std::min(age, _maxAge.value_or(age));
    return rule;
}

AccessRule AccessRule::acr(std::vector<std::string> classes) const {
    const auto bad = std::find_if_not(classes.begin(), classes.end(), isScopeToken);
    if (bad != classes.end()) throw Poco::InvalidArgumentException("not an acr", *bad);
    if (!_classes.empty())
        std::erase_if(classes, [this](const std::string& each) { return !contains(_classes, each); });
    if (classes.empty()) throw Poco::InvalidArgumentException("no acr suffices");
    auto rule = *this;
    rule._classes = std::move(classes);
    return rule;
}

AccessRule AccessRule::dpopBound() const {
    auto rule = *this;
    rule._isDpopRequired = true;
    return rule;
}

AccessRule operator&&(const AccessRule& left, const AccessRule& right) {
    auto rule = left;
    rule._demands.insert(rule._demands.end(), right._demands.begin(), right._demands.end());
    if (right._maxAge) rule = rule.maxAge(*right._maxAge);
    if (right._isDpopRequired) rule = rule.dpopBound();
    return right._classes.empty() ? rule : rule.acr(right._classes);
}

std::variant<AccessRule, std::string> AccessRule::parse(std::string_view text) {
    Reader reader;
    bool isEmpty = true;
    while (true) {
        const auto start = text.find_first_not_of(blanks);
        if (start == std::string_view::npos) break;
        text.remove_prefix(start);
        const auto term = text.substr(0, text.find_first_of(blanks));
        text.remove_prefix(term.size());
        if (auto why = reader.add(term)) return std::move(*why);
        isEmpty = false;
    }
    if (isEmpty) return std::string("demands nothing");
    return reader.rule();
}

std::string AccessRule::toText() const {
    std::string text;
    const auto add = [&](std::string_view name, const std::string& value) {
        text += (text.empty() ? "" : " ") + std::string(name) + "=" + value;
    };
    for (const auto& demand : _demands) {
        const auto term = std::find_if(terms.begin(), terms.end(), [&](const Term& each) {
            return each.kind == demand.kind && each.quantity == demand.quantity;
        });
        add(term->name, joined(demand.names));
    }
    if (_maxAge) add("maxAge", durationText(*_maxAge));
    if (!_classes.empty()) add("acr", joined(_classes));
    if (_isDpopRequired) add("dpop", "require");
    return text;
}

std::optional<Refusal> AccessRule::check(const Principal& principal, Clock::Wall now) const {
    if (_isDpopRequired && principal.confirmation.keyThumbprint.empty()) return Refusal{Cause::dpopRequired};
    const auto failed = std::find_if_not(_demands.begin(), _demands.end(),
                                         [&](const Demand& demand) { return isMet(demand, principal); });
    if (failed != _demands.end()) return lackOf(*failed, principal);
    if (!isAuthenticated(principal, now)) return weaknessOf(principal, now);
    return std::nullopt;
}

bool AccessRule::isAuthenticated(const Principal& principal, Clock::Wall now) const {
    if (!_classes.empty() && !contains(_classes, principal.authenticationClass)) return false;
    if (!_maxAge) return true;
    if (!principal.authenticatedAt) return false;
    // In floating point, so that no number of a token overflows; each comparison is false for NaN.
    using Seconds = std::chrono::duration<double>;
    const double age = Seconds(now.time_since_epoch()).count() - *principal.authenticatedAt;
    return age <= Seconds(*_maxAge).count() && age >= -Seconds(maxSkew).count();
}

Refusal AccessRule::weaknessOf(const Principal& principal, Clock::Wall now) const {
    std::string wanted;
    std::string had;
    if (!_classes.empty()) {
        wanted = "acr " + joined(_classes) + (_maxAge ? ", " : "");
        had = "acr " + (principal.authenticationClass.empty() ? "none" : principal.authenticationClass) +
              (_maxAge ? ", " : "");
    }
    if (_maxAge) {
        wanted += "signed in at most " + durationText(*_maxAge) + " ago";
        had += principal.authenticatedAt
                   ? "signed in " +
                         std::to_string(
                             std::llround(std::chrono::duration<double>(now.time_since_epoch()).count() -
                                          std::clamp(*principal.authenticatedAt, -farAway, farAway))) +
                         " s ago"
                   : "no auth_time";
    }
    return Refusal{Cause::insufficientAuthentication}.withEvidence(wanted, had);
}

bool AccessRule::demands(Kind kind) const noexcept {
    return std::any_of(_demands.begin(), _demands.end(),
                       [kind](const Demand& demand) { return demand.kind == kind; });
}

std::vector<std::string> AccessRule::namesOf(Kind kind) const {
    Names names;
    for (const auto& demand : _demands) {
        if (demand.kind != kind) continue;
        for (const auto& name : demand.names) {
            if (!contains(names, name)) names.push_back(name);
        }
    }
    return names;
}

Challenge::Ptr AccessRule::challenge(Challenge::Parts parts) const {
    parts.scopes = namesOf(Kind::scopes);
    parts.maxAge = _maxAge;
    parts.authenticationClasses = _classes;
    parts.isDpopRequired = parts.isDpopRequired || _isDpopRequired;
    return std::make_shared<const Challenge>(parts);
}

AccessRule anyPrincipal() {
    return {};
}

AccessRule anyRole(std::vector<std::string> roles) {
    return AccessRule({Kind::roles, Quantity::any, std::move(roles)});
}

AccessRule allRoles(std::vector<std::string> roles) {
    return AccessRule({Kind::roles, Quantity::all, std::move(roles)});
}

AccessRule anyScope(std::vector<std::string> scopes) {
    return AccessRule({Kind::scopes, Quantity::any, std::move(scopes)});
}

AccessRule allScopes(std::vector<std::string> scopes) {
    return AccessRule({Kind::scopes, Quantity::all, std::move(scopes)});
}

AccessRule anyPermission(std::vector<std::string> permissions) {
    return AccessRule({Kind::permissions, Quantity::any, std::move(permissions)});
}

AccessRule allPermissions(std::vector<std::string> permissions) {
    return AccessRule({Kind::permissions, Quantity::all, std::move(permissions)});
}

}  // namespace changebank::security
