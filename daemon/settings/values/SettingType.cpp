#include "changebank/daemon/settings/values/SettingType.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>

#include "changebank/base/text/ForeignText.h"
#include "changebank/base/text/Json.h"
#include "changebank/base/text/Trimmed.h"
#include "changebank/base/text/Utf8.h"

namespace changebank::daemon {

namespace {

/// Parses a number at the front of the text and removes it.
std::optional<std::uint64_t> takeNumber(std::string_view& text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

struct Unit {
    std::string_view name;
    /// In milliseconds or bytes.
    std::uint64_t factor;
};

/// Largest first.
constexpr std::array<Unit, 4> durationUnits{{{"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}}};
constexpr std::array<Unit, 3> sizeUnits{{{"MiB", std::uint64_t{1024} * 1024}, {"KiB", 1024}, {"", 1}}};

/// Parses a whole number with one of the units; std::nullopt if the text is malformed. A number too large to
/// represent becomes the largest one, so that it is out of every range.
template <std::size_t Count>
std::optional<std::uint64_t> readWithUnit(std::string_view text, const std::array<Unit, Count>& units) {
    const auto number = takeNumber(text);
    const auto unit = std::find_if(units.begin(), units.end(), [&](const Unit& u) { return u.name == text; });
    if (!number || unit == units.end()) return std::nullopt;
    constexpr auto largest = std::numeric_limits<std::uint64_t>::max();
    return *number > largest / unit->factor ? largest : *number * unit->factor;
}

/// The number in the largest unit that represents it exactly.
template <std::size_t Count>
std::string textWithUnit(std::uint64_t number, const std::array<Unit, Count>& units) {
    const auto unit =
        std::find_if(units.begin(), units.end(), [&](const Unit& u) { return number % u.factor == 0; });
    return std::to_string(number / unit->factor) + std::string(unit->name);
}

}  // namespace

ReadValue<std::string> TextType::read(std::string_view text) const {
    if (text.empty() && !mayBeEmpty) return BadValue{"must not be empty"};
    if (hasControl(text)) return BadValue{inQuotes(text) + " has a control character"};
    return std::string(text);
}

ReadValue<std::string> PathType::read(std::string_view text) const {
    if (!text.empty() && text.front() != '/') {
        return BadValue{inQuotes(text) + " is not an absolute path; it must begin with /"};
    }
    if (hasControl(text)) return BadValue{inQuotes(text) + " has a control character"};
    return std::string(text);
}

std::string IntegerType::range() const {
    return std::to_string(min) + " to " + std::to_string(max);
}

ReadValue<std::uint64_t> IntegerType::read(std::string_view text) const {
    auto rest = text;
    const auto number = takeNumber(rest);
    if (!number || !rest.empty())
        return BadValue{inQuotes(text) + " is not a whole number (" + std::to_string(min) + "-" +
                        std::to_string(max) + ")"};
    if (*number < min || *number > max) return BadValue{inQuotes(text) + " is out of range: " + range()};
    return *number;
}

ReadValue<std::optional<std::uint64_t>> OptionalIntegerType::read(std::string_view text) const {
    if (text.empty()) return std::optional<std::uint64_t>();
    auto value = integer.read(text);
    if (auto* bad = std::get_if<BadValue>(&value)) return std::move(*bad);
    return std::optional(std::get<std::uint64_t>(value));
}

ReadValue<bool> BooleanType::read(std::string_view text) const {
    if (text == "true") return true;
    if (text == "false") return false;
    return BadValue{inQuotes(text) + " is neither true nor false"};
}

ReadValue<double> RatioType::read(std::string_view text) const {
    double ratio = 0;
    const auto* last = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), last, ratio, std::chars_format::fixed);
    const bool isNumber =
        !text.empty() && text.front() != '-' && parsed.ec == std::errc{} && parsed.ptr == last;
    if (!isNumber || !(ratio >= 0 && ratio <= 1))
        return BadValue{inQuotes(text) + " is not a number from 0 to 1, such as 0.05"};
    return ratio;
}

std::string DurationType::range() const {
    return toText(min) + " to " + toText(max);
}

ReadValue<std::chrono::milliseconds> DurationType::read(std::string_view text) const {
    const auto count = readWithUnit(text, durationUnits);
    if (!count) return BadValue{inQuotes(text) + " is not a duration such as 500ms, 5s, 10m or 24h"};
    if (*count < static_cast<std::uint64_t>(min.count()) ||
        *count > static_cast<std::uint64_t>(max.count())) {
        return BadValue{inQuotes(text) + " is out of range: " + range()};
    }
    return std::chrono::milliseconds(static_cast<std::int64_t>(*count));
}

std::string DurationType::toText(std::chrono::milliseconds duration) {
    if (duration.count() == 0) return "0s";
    return textWithUnit(static_cast<std::uint64_t>(duration.count()), durationUnits);
}

std::string SizeType::range() const {
    return toText(min) + " to " + toText(max);
}

ReadValue<std::uint64_t> SizeType::read(std::string_view text) const {
    const auto size = readWithUnit(text, sizeUnits);
    if (!size) return BadValue{inQuotes(text) + " is not a size such as 512, 64KiB or 1MiB"};
    if (*size < min || *size > max) return BadValue{inQuotes(text) + " is out of range: " + range()};
    return *size;
}

std::string SizeType::toText(std::uint64_t size) {
    return size == 0 ? "0" : textWithUnit(size, sizeUnits);
}

ReadValue<LogTarget> LogTargetType::read(std::string_view text) const {
    constexpr std::string_view filePrefix = "file:";
    if (text == "stderr") return LogTarget{};
    if (text == "syslog") return LogTarget{LogTarget::Kind::syslog};
    if (text == "journal") return LogTarget{LogTarget::Kind::journal};
    if (!text.starts_with(filePrefix) || text.size() == filePrefix.size())
        return BadValue{inQuotes(text) + " is not " + range()};
    auto path = PathType{}.read(text.substr(filePrefix.size()));
    if (auto* bad = std::get_if<BadValue>(&path)) return std::move(*bad);
    return LogTarget{LogTarget::Kind::file, std::get<std::string>(std::move(path))};
}

std::string ChoiceType::range() const {
    std::string text;
    for (const auto& choice : choices)
        text += (text.empty() ? "" : ", ") + choice;
    return text;
}

ReadValue<std::size_t> ChoiceType::read(std::string_view text) const {
    const auto found = std::find(choices.begin(), choices.end(), text);
    if (found == choices.end()) return BadValue{inQuotes(text) + " is not one of " + range()};
    return static_cast<std::size_t>(found - choices.begin());
}

ReadValue<std::optional<std::size_t>> OptionalChoiceType::read(std::string_view text) const {
    if (text.empty()) return std::optional<std::size_t>();
    auto value = choice.read(text);
    if (auto* bad = std::get_if<BadValue>(&value)) return std::move(*bad);
    return std::optional(std::get<std::size_t>(value));
}

ReadValue<std::vector<std::string>> ListType::read(std::string_view text) const {
    std::vector<std::string> items;
    if (mayBeEmpty && trimmed(text).empty()) return items;
    auto rest = text;
    while (true) {
        const auto comma = rest.find(',');
        const auto item = TextType{}.read(trimmed(rest.substr(0, comma)));
        if (const auto* bad = std::get_if<BadValue>(&item))
            return BadValue{"an item of the list " + bad->why};
        items.push_back(std::get<std::string>(item));
        if (comma == std::string_view::npos) return items;
        rest.remove_prefix(comma + 1);
    }
}

}  // namespace changebank::daemon
