#include "changebank/daemon/settings/sources/SuspiciousValue.h"

#include <algorithm>
#include <array>

#include "changebank/base/text/Trimmed.h"
#include "changebank/base/text/Utf8.h"

namespace changebank::daemon {

using namespace std::string_view_literals;

namespace {

/// Straight and typographic quotation marks.
constexpr std::array quotationMarks{"\""sv,     "'"sv,      "`"sv,      "\u201C"sv, "\u201D"sv,
                                    "\u201E"sv, "\u2018"sv, "\u2019"sv, "\u00AB"sv, "\u00BB"sv};

/// Characters beside those of hasHidden(): no-break space, soft hyphen, zero-width characters, byte order
/// mark.
constexpr std::array invisible{"\u00A0"sv, "\u00AD"sv, "\u200B"sv, "\u200C"sv,
                               "\u200D"sv, "\u2060"sv, "\uFEFF"sv};

template <typename Texts, typename Predicate>
bool any(const Texts& texts, Predicate predicate) {
    return std::any_of(texts.begin(), texts.end(), predicate);
}

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

bool isQuoted(std::string_view text) {
    return any(quotationMarks, [text](auto mark) { return text.starts_with(mark) || text.ends_with(mark); });
}

bool hasQuotedItem(std::string_view value) {
    while (true) {
        const auto comma = value.find(',');
        if (isQuoted(trimmed(value.substr(0, comma)))) return true;
        if (comma == std::string_view::npos) return false;
        value.remove_prefix(comma + 1);
    }
}

}  // namespace

std::optional<std::string> suspicionOf(std::string_view value) {
    if (value.starts_with('[') && value.ends_with(']') && (has(value, "\"") || has(value, "'")))
        return "the brackets and quotation marks of a JSON list are part of the value, so that it matches "
               "nothing; separate the items by commas alone";
    if (has(value, " #") || has(value, "\t#"))
        return "the text behind # is part of the value, so that it matches nothing; a comment needs a line "
               "of its own that begins with #";
    if (hasQuotedItem(value))
        return "the quotation marks are part of the value, so that it matches nothing; remove them";
    if (has(value, "${") || has(value, "{{"))
        return "variables in a value are not replaced, so that it matches nothing; write what they stand for";
    if (hasHidden(value) || any(invisible, [value](auto character) { return has(value, character); }))
        return "an invisible character is part of the value, so that it matches nothing; type the value "
               "again";
    return std::nullopt;
}

}  // namespace changebank::daemon
