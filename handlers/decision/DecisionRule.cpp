#include "changebank/handlers/decision/DecisionRule.h"

#include <Poco/Net/HTTPRequest.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "changebank/base/text/ForeignText.h"
#include "changebank/base/text/Trimmed.h"
#include "changebank/handlers/decision/MethodToken.h"

namespace changebank::handlers {

using Poco::Net::HTTPRequest;

namespace {

constexpr std::string_view blanks = " \t";
constexpr std::string_view allMethods = "*";
constexpr std::string_view everybody = "public";
constexpr std::string_view anyPrincipal = "authenticated";

/// Takes a word and the blanks behind it off a text.
std::string_view takeWord(std::string_view& text) {
    const auto word = text.substr(0, text.find_first_of(blanks));
    text = trimmed(text.substr(word.size()), blanks);
    return word;
}

bool contains(const std::vector<std::string>& methods, std::string_view method) {
    return std::find(methods.begin(), methods.end(), method) != methods.end();
}

/// Reads a list of methods; returns why it is none.
std::optional<std::string> readMethods(std::string_view list, std::vector<std::string>& methods) {
    if (list == allMethods) return std::nullopt;
    while (true) {
        const auto method = list.substr(0, list.find(','));
        if (method == allMethods || !isMethodToken(method))
            return inQuotes(method) + " is not a method in upper case, such as GET; * alone stands for all";
        if (contains(methods, method)) return "has the method " + std::string(method) + " twice";
        methods.emplace_back(method);
        if (method.size() == list.size()) return std::nullopt;
        list.remove_prefix(method.size() + 1);
    }
}

/// Who may, or why the text does not say it.
std::variant<Access, std::string> accessOf(std::string_view text) {
    if (text == everybody) return Access(Everybody());
    if (text == anyPrincipal) return Access(AnyPrincipal());
    auto terms = text;
    while (!terms.empty()) {
        const auto term = takeWord(terms);
        if (term == everybody || term == anyPrincipal)
            return "has " + std::string(term) + " beside other terms, but it stands alone";
        if (term.find('=') == std::string_view::npos)
            return inQuotes(term) +
                   " is neither public nor authenticated nor of the form NAME=LIST, such as roles=clerk";
    }
    auto rule = security::AccessRule::parse(text);
    if (auto* why = std::get_if<std::string>(&rule)) return std::move(*why);
    return Access(std::get<security::AccessRule>(std::move(rule)));
}

std::string textOf(const Access& access) {
    if (std::holds_alternative<Everybody>(access)) return std::string(everybody);
    if (const auto* rule = std::get_if<security::AccessRule>(&access)) return rule->toText();
    return std::string(anyPrincipal);
}

}  // namespace

std::variant<DecisionRule, std::string> DecisionRule::parse(unsigned number, std::string_view text) {
    auto rest = trimmed(text, blanks);
    const auto methods = takeWord(rest);
    const auto path = takeWord(rest);
    if (rest.empty())
        return inQuotes(text) +
               " is not of the form METHODS PATH WHO, such as GET,POST /orders/** roles=clerk, where WHO is "
               "public, authenticated or a rule";
    DecisionRule rule;
    rule.number = number;
    if (auto why = readMethods(methods, rule.methods)) return std::move(*why);
    auto pattern = PathPattern::parse(path);
    if (auto* why = std::get_if<std::string>(&pattern)) return std::move(*why);
    rule.path = std::get<PathPattern>(std::move(pattern));
    auto access = accessOf(rest);
    if (auto* why = std::get_if<std::string>(&access)) return std::move(*why);
    rule.access = std::get<Access>(std::move(access));
    return rule;
}

bool DecisionRule::hasMethod(std::string_view method) const {
    if (methods.empty() || contains(methods, method)) return true;
    return method == HTTPRequest::HTTP_HEAD && contains(methods, HTTPRequest::HTTP_GET);
}

std::string DecisionRule::toText() const {
    std::string list;
    for (const auto& method : methods)
        list += (list.empty() ? "" : ",") + method;
    return (list.empty() ? std::string(allMethods) : list) + " " + path.text() + " " + textOf(access);
}

}  // namespace changebank::handlers
