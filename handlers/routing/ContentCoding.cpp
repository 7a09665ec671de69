#include "changebank/handlers/routing/ContentCoding.h"

#include <Poco/Net/MessageHeader.h>

#include <algorithm>
#include <optional>

#include "changebank/base/text/Ascii.h"
#include "changebank/base/text/ListMember.h"
#include "changebank/base/text/QualityValue.h"
#include "changebank/base/text/Trimmed.h"

namespace changebank::handlers {

namespace {

bool isSame(std::string_view one, std::string_view other) {
    return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                      [](char left, char right) { return toLower(left) == toLower(right); });
}

/// The weight of a member behind its name.
std::optional<int> weightOf(std::string_view parameters, bool hasParameters) {
    if (!hasParameters) return 1000;
    const auto parameter = trimmed(parameters);
    if (parameter.size() < 2 || toLower(parameter[0]) != 'q' || parameter[1] != '=') return std::nullopt;
    return qualityValue(parameter.substr(2));
}

/// The weights that a request gives to one coding.
struct Weights {
    std::optional<int> named;
    std::optional<int> any;  ///< Of "*".

    std::optional<int> value() const { return named ? named : any; }

    void note(std::string_view member, std::string_view coding) {
        const bool hasParameters = member.find(';') != std::string_view::npos;
        auto name = takeMember(member, ';');
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
            weights.note(takeMember(list), coding);
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
