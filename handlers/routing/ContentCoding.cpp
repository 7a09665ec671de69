#include "changebank/handlers/routing/ContentCoding.h"

#include <Poco/Net/MessageHeader.h>

#include <algorithm>
#include <optional>

#include "changebank/base/text/Ascii.h"
#include "changebank/base/text/Trimmed.h"

namespace changebank::handlers {

namespace {

bool isSame(std::string_view one, std::string_view other) {
    return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                      [](char left, char right) { return toLower(left) == toLower(right); });
}

/// Removes the text up to the separator from a list, and returns it without whitespace around it.
std::string_view take(std::string_view& list, char separator) {
    const auto end = list.find(separator);
    const auto first = list.substr(0, end);
    list.remove_prefix(end == std::string_view::npos ? list.size() : end + 1);
    return trimmed(first);
}

/// A qvalue (RFC 9110 section 12.4.2) in thousandths.
std::optional<int> readWeight(std::string_view text) {
    constexpr std::size_t maxLength = 5;
    if (text.empty() || text.size() > maxLength || (text[0] != '0' && text[0] != '1')) return std::nullopt;
    if (text.size() > 1 && text[1] != '.') return std::nullopt;
    int weight = text[0] - '0';
    for (std::size_t i = 2; i < maxLength; ++i) {
        const char digit = i < text.size() ? text[i] : '0';
        if (!isDigit(digit)) return std::nullopt;
        weight = weight * 10 + (digit - '0');
    }
    return weight <= 1000 ? std::optional(weight) : std::nullopt;
}

/// The weight of a member behind its name.
std::optional<int> weightOf(std::string_view parameters, bool hasParameters) {
    if (!hasParameters) return 1000;
    const auto parameter = trimmed(parameters);
    if (parameter.size() < 2 || toLower(parameter[0]) != 'q' || parameter[1] != '=') return std::nullopt;
    return readWeight(parameter.substr(2));
}

/// The weights that a request gives to one coding.
struct Weights {
    std::optional<int> named;
    std::optional<int> any;  ///< Of "*".

    std::optional<int> value() const { return named ? named : any; }

    void note(std::string_view member, std::string_view coding) {
        const bool hasParameters = member.find(';') != std::string_view::npos;
        auto name = take(member, ';');
        if (isSame(name, "x-gzip")) name = "gzip";
        if (name != "*" && !isSame(name, coding)) return;
        auto& weight = name == "*" ? any : named;
        if (!weight) weight = weightOf(member, hasParameters);
    }
};

std::optional<int> weightOf(const Poco::Net::MessageHeader& request, std::string_view coding) {
    Weights weights;
    for (const auto& [name, value] : request) {
        if (!isSame(name, "Accept-Encoding")) continue;
        for (std::string_view list = value; !list.empty();)
            weights.note(take(list, ','), coding);
    }
    return weights.value();
}

}  // namespace

std::string_view chooseCoding(const Poco::Net::MessageHeader& request,
                              std::span<const std::string_view> offered) {
    std::string_view chosen;
    int best = weightOf(request, "identity").value_or(0);
    for (const auto coding : offered) {
        const int weight = weightOf(request, coding).value_or(0);
        if (weight == 0 || weight < best || (weight == best && !chosen.empty())) continue;
        chosen = coding;
        best = weight;
    }
    return chosen;
}

}  // namespace changebank::handlers
