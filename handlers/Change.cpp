#include "handlers/Change.h"

#include <algorithm>

namespace changebank::handlers {

namespace {

constexpr std::uint64_t centsPerDollar = 100;

bool allDigits(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::uint64_t valueOf(std::string_view digits) {
    std::uint64_t value = 0;
    for (const char digit : digits)
        value = value * 10 + static_cast<std::uint64_t>(digit - '0');
    return value;
}

/// The first two digits of a fraction as cents; a missing digit is a zero.
std::uint64_t centsOf(std::string_view fraction) {
    std::string digits(fraction.substr(0, 2));
    digits.resize(2, '0');
    return valueOf(digits);
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

std::string Change::dollars() const {
    std::string text = std::to_string(_cents / centsPerDollar);
    if (const auto cents = _cents % centsPerDollar; cents != 0) {
        text += '.';
        text += static_cast<char>('0' + cents / 10);
        if (cents % 10 != 0) text += static_cast<char>('0' + cents % 10);
    }
    return text;
}

std::string Change::toJson() const {
    return "{\"total\":" + dollars() + ",\"nickels\":" + std::to_string(nickels()) +
           ",\"pennies\":" + std::to_string(pennies()) + "}";
}

}  // namespace changebank::handlers
