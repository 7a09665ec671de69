#include "changebank/handlers/decision/NormalPath.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "changebank/base/text/Ascii.h"
#include "changebank/base/text/Utf8.h"

namespace changebank::handlers {

namespace {

struct Range {
    char32_t first;
    char32_t last;
};

/// What is folded to ASCII or dropped, with a few neighbours that nobody writes in a path. In order.
constexpr auto foldable = std::to_array<Range>({
    {0x0080, 0x00B6},    // C1 controls, no-break space, yen sign, soft hyphen, superscripts
    {0x00B8, 0x00BF},    // superscripts, fractions
    {0x00DF, 0x00DF},    // ß
    {0x0130, 0x0133},    // İ, ı, ĳ
    {0x013F, 0x0140},    // ŀ
    {0x0149, 0x0149},    // ŉ
    {0x017F, 0x017F},    // ſ
    {0x01C4, 0x01CC},    // ǆ, ǉ, ǌ
    {0x01F0, 0x01F3},    // ǰ, ǳ
    {0x02B0, 0x02B8},    // modifier letters
    {0x02D8, 0x02E4},    // accents, modifier letters
    {0x034F, 0x034F},    // grapheme joiner
    {0x037A, 0x037E},    // Greek question mark, which is a semicolon
    {0x0384, 0x0385},    // accents
    {0x061C, 0x061C},    // direction
    {0x115F, 0x1160},    // fillers
    {0x17B4, 0x17B5},    // inherent vowels
    {0x180B, 0x180F},    // variation selectors
    {0x1D2C, 0x1D6A},    // modifier letters
    {0x1D9B, 0x1DBF},    // modifier letters
    {0x1E96, 0x1E9A},    // ẖ, ẗ, ẘ, ẙ, ẚ
    {0x1E9E, 0x1E9E},    // ẞ
    {0x1FBD, 0x1FC1},    // accents
    {0x1FCD, 0x1FCF},    // accents
    {0x1FDD, 0x1FDF},    // accents
    {0x1FED, 0x1FEF},    // accents
    {0x1FFD, 0x1FFE},    // accents
    {0x2000, 0x200F},    // blanks, zero width, direction
    {0x2017, 0x2017},    // double underscore
    {0x2024, 0x202F},    // dot leaders, direction
    {0x203C, 0x203E},    // double exclamation mark, overline
    {0x2044, 0x2049},    // fraction slash, double question mark
    {0x205F, 0x20A0},    // blank, invisible operators, superscripts and subscripts
    {0x20A8, 0x20A9},    // rupee sign, won sign, which is a backslash in Korea
    {0x2100, 0x218F},    // letterlike symbols, fractions, Roman numerals
    {0x2215, 0x2216},    // division slash, set minus
    {0x2460, 0x24FF},    // in circles and parentheses
    {0x29F5, 0x29F9},    // slashes
    {0x2A74, 0x2A76},    // equals signs
    {0x2C7C, 0x2C7D},    // modifier letters
    {0x3000, 0x3000},    // ideographic blank
    {0x309B, 0x309C},    // voicing marks
    {0x3164, 0x3164},    // filler
    {0x3200, 0x33FF},    // in circles and parentheses, units
    {0xA7F2, 0xA7F4},    // modifier letters
    {0xFB00, 0xFB06},    // ligatures
    {0xFB29, 0xFB29},    // Hebrew plus sign
    {0xFC5E, 0xFC63},    // Arabic marks on a blank
    {0xFDFA, 0xFDFB},    // Arabic phrases with blanks
    {0xFE00, 0xFE19},    // variation selectors, vertical forms
    {0xFE30, 0xFE7E},    // vertical and small forms, Arabic marks on a blank
    {0xFEFF, 0xFEFF},    // byte order mark
    {0xFF00, 0xFFFF},    // full-width forms, no characters
    {0x107A5, 0x107A5},  // modifier letter
    {0x1BCA0, 0x1BCA3},  // format controls
    {0x1D173, 0x1D17A},  // format controls
    {0x1D400, 0x1D7FF},  // letters of mathematics
    {0x1F100, 0x1F190},  // in circles and parentheses
    {0x1FBF0, 0x1FBF9},  // segmented digits
    {0xE0000, 0xE0FFF},  // tags, variation selectors
});

bool isFoldable(char32_t c) {
    const auto* found =
        std::lower_bound(foldable.begin(), foldable.end(), c,
                         [](const Range& range, char32_t value) { return range.last < value; });
    return found != foldable.end() && found->first <= c;
}

bool isAscii(char c) {
    return static_cast<unsigned char>(c) < 0x80;
}

/// A character of ASCII that is never part of a segment.
bool isForbidden(char c) {
    return isControl(c) || std::string_view("/\\%;?#").find(c) != std::string_view::npos;
}

/// Decodes escapes and folds the case of a path.
std::optional<std::string> decoded(std::string_view path) {
    std::string text;
    text.reserve(path.size());
    for (std::size_t i = 0; i < path.size(); ++i) {
        char c = path[i];
        if (c == '/') {
            text += c;
            continue;
        }
        if (c == '%') {
            if (path.size() - i < 3) return std::nullopt;
            const int high = hexDigitValue(path[i + 1]);
            const int low = hexDigitValue(path[i + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            c = static_cast<char>(high * 16 + low);
            i += 2;
        } else if (c == ' ' || !isAscii(c)) {
            return std::nullopt;
        }
        if (isForbidden(c)) return std::nullopt;
        text += toLower(c);
    }
    return text;
}

/// Whether a segment of a decoded path has an end that Windows ignores.
bool hasIgnoredEnd(std::string_view path) {
    for (std::size_t i = 1; i <= path.size(); ++i) {
        const bool isEnd = i == path.size() || path[i] == '/';
        if (isEnd && (path[i - 1] == '.' || path[i - 1] == ' ')) return true;
    }
    return path.find(":$") != std::string_view::npos;
}

/// Whether a text has one meaning only: UTF-8 that nobody folds to ASCII.
bool isUnambiguous(std::string_view text) {
    while (!text.empty()) {
        const auto length = utf8SequenceLength(text);
        if (length == 0 || (length > 1 && isFoldable(codePointOf(text.substr(0, length))))) return false;
        text.remove_prefix(length);
    }
    return true;
}

}  // namespace

std::optional<std::string> normalPath(std::string_view path) {
    if (!path.starts_with('/') || path.find("//") != std::string_view::npos) return std::nullopt;
    if (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
    auto text = decoded(path);
    if (!text || hasIgnoredEnd(*text) || !isUnambiguous(*text)) return std::nullopt;
    return text;
}

}  // namespace changebank::handlers
