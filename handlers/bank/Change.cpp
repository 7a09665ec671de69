#include "changebank/handlers/bank/Change.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "changebank/base/text/Ascii.h"

namespace changebank::handlers {

namespace {

constexpr std::uint64_t centsPerDollar = 100;

bool allDigits(std::string_view text) {
    return std::all_of(text.begin(), text.end(), isDigit);
}

std::uint64_t valueOf(std::string_view digits) {
    std::uint64_t value = 0;
    for (const char digit : digits)
        value = value * 10 + static_cast<std::uint64_t>(digit - '0');
    return value;
}

/// The first two digits of a fraction as cents; a missing digit is a zero.
std::uint64_t centsOf(std::string_view fraction) {
    const auto cents = valueOf(fraction.substr(0, 2));
    return fraction.empty() ? 0 : fraction.size() == 1 ? cents * 10 : cents;
}

template <typename Text>
void appendNumber(Text& text, std::uint64_t number) {
    std::array<char, 20> digits;
    const auto* end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    text.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
}

}  // namespace

std::optional<Change> Change::parse(std::string_view dollars) {
    const auto point = dollars.find('.');
    const auto whole = dollars.substr(0, point);
    const auto fraction = point == std::string_view::npos ? std::string_view{} : dollars.substr(point + 1);
    if (whole.empty() && fraction.empty()) return std::nullopt;
    if (!allDigits(whole) || !allDigits(fraction) || whole.size() > maxDollarDigits) return std::nullopt;
    return Change(valueOf(whole) * centsPerDollar + centsOf(fraction));
}

Change::DollarsText Change::dollars() const {
    DollarsText text;
    appendNumber(text, _cents / centsPerDollar);
    if (const auto cents = _cents % centsPerDollar; cents != 0) {
        text += '.';
        text += static_cast<char>('0' + cents / 10);
        if (cents % 10 != 0) text += static_cast<char>('0' + cents % 10);
    }
    return text;
}

Change::JsonText Change::toJson() const {
    JsonText text("{\"total\":");
    text.append(dollars());
    text.append(",\"nickels\":");
    appendNumber(text, nickels());
    text.append(",\"pennies\":");
    appendNumber(text, pennies());
    text += '}';
    return text;
}

}  // namespace changebank::handlers
