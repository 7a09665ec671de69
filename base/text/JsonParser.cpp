#include "changebank/base/text/JsonParser.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "changebank/base/text/Ascii.h"
#include "changebank/base/text/Utf8.h"

namespace changebank {

namespace {

void appendUtf8(std::string& out, unsigned codePoint) {
    if (codePoint < 0x80) {
        out += static_cast<char>(codePoint);
    } else if (codePoint < 0x800) {
        out += static_cast<char>(0xC0 | (codePoint >> 6));
        out += static_cast<char>(0x80 | (codePoint & 0x3F));
    } else if (codePoint < 0x10000) {
        out += static_cast<char>(0xE0 | (codePoint >> 12));
        out += static_cast<char>(0x80 | ((codePoint >> 6) & 0x3F));
        out += static_cast<char>(0x80 | (codePoint & 0x3F));
    } else {
        out += static_cast<char>(0xF0 | (codePoint >> 18));
        out += static_cast<char>(0x80 | ((codePoint >> 12) & 0x3F));
        out += static_cast<char>(0x80 | ((codePoint >> 6) & 0x3F));
        out += static_cast<char>(0x80 | (codePoint & 0x3F));
    }
}

}  // namespace

std::optional<Json> JsonParser::parse() {
    std::optional<Json> result;
    if (_text.size() > _limits.size) return result;
    skipWhitespace();
    const bool read = value(result.emplace());
    skipWhitespace();
    if (!read || _at != _text.size()) result.reset();
    return result;
}

bool JsonParser::value(Json& out) {
    if (++_values > _limits.values) return false;
    auto& value = out._value;
    switch (peek()) {
        case '{':
            return object(value.emplace<Json::Object>());
        case '[':
            return array(value.emplace<Json::Array>());
        case '"':
            return string(value.emplace<std::string>());
        case 't':
            value.emplace<bool>(true);
            return literal("true");
        case 'f':
            value.emplace<bool>(false);
            return literal("false");
        case 'n':
            return literal("null");
        default:
            return number(value.emplace<Json::Number>());
    }
}

bool JsonParser::object(Json::Object& out) {
    if (++_depth > _limits.depth) return false;
    ++_at;
    skipWhitespace();
    if (!take('}')) {
        // As many members as a claims set has, in a block that malloc still caches for the thread. Inner
        // objects have fewer members and may be many.
        constexpr std::size_t usualMembers = 14;
        if (_depth == 1) out.reserve(usualMembers);
        do {
            auto& [name, member] = out.emplace_back();
            skipWhitespace();
            if (!string(name)) return false;
            skipWhitespace();
            if (!take(':')) return false;
            skipWhitespace();
            if (!value(member)) return false;
            skipWhitespace();
        } while (take(','));
        if (!take('}')) return false;
    }
    --_depth;
    return !hasRepeatedName(out);
}

/// Few members are compared one by one; many are sorted first, so that a hostile object does not cost
/// quadratic time.
bool JsonParser::hasRepeatedName(const Json::Object& members) {
    constexpr std::size_t few = 16;
    if (members.size() <= few) {
        for (std::size_t i = 1; i < members.size(); ++i) {
            if (Json::find(members.data(), i, members[i].first)) return true;
        }
        return false;
    }
    std::vector<std::string_view> names;
    names.reserve(members.size());
    for (const auto& member : members)
        names.emplace_back(member.first);
    std::sort(names.begin(), names.end());
    return std::adjacent_find(names.begin(), names.end()) != names.end();
}

bool JsonParser::array(Json::Array& out) {
    if (++_depth > _limits.depth) return false;
    ++_at;
    skipWhitespace();
    if (!take(']')) {
        do {
            skipWhitespace();
            if (!value(out.emplace_back())) return false;
            skipWhitespace();
        } while (take(','));
        if (!take(']')) return false;
    }
    --_depth;
    return true;
}

bool JsonParser::number(Json::Number& out) {
    const std::size_t start = _at;
    take('-');
    if (!take('0') && !digits()) return false;
    if (take('.') && !digits()) return false;
    if (take('e') || take('E')) {
        if (!take('+')) take('-');
        if (!digits()) return false;
    }
    out.text = _text.substr(start, _at - start);
    return true;
}

bool JsonParser::literal(std::string_view word) {
    if (_text.substr(_at, word.size()) != word) return false;
    _at += word.size();
    return true;
}

bool JsonParser::string(std::string& out) {
    if (!take('"')) return false;
    while (true) {
        const auto rest = _text.substr(_at);
        const auto plain = rest.substr(0, plainLength(rest));
        out.append(plain);
        _at += plain.size();
        if (take('"')) return true;
        if (take('\\')) {
            if (!escape(out)) return false;
            continue;
        }
        const auto sequence = _text.substr(_at, utf8SequenceLength(_text.substr(_at)));
        if (sequence.empty() || static_cast<unsigned char>(sequence.front()) < 0x20) return false;
        out.append(sequence);
        _at += sequence.size();
    }
}

bool JsonParser::escape(std::string& out) {
    constexpr std::string_view letters = "\"\\/bfnrt";
    constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
    const char letter = peek();
    if (letter == '\0') return false;
    ++_at;
    if (const auto place = letters.find(letter); place != std::string_view::npos) {
        out += meanings[place];
        return true;
    }
    if (letter != 'u') return false;
    auto unit = fourHexDigits();
    if (!unit) return false;
    unsigned codePoint = *unit;
    if (codePoint >= 0xDC00 && codePoint <= 0xDFFF) return false;
    if (codePoint >= 0xD800 && codePoint <= 0xDBFF) {
        if (!take('\\') || !take('u')) return false;
        unit = fourHexDigits();
        if (!unit || *unit < 0xDC00 || *unit > 0xDFFF) return false;
        codePoint = 0x10000 + ((codePoint - 0xD800) << 10) + (*unit - 0xDC00);
    }
    appendUtf8(out, codePoint);
    return true;
}

std::optional<unsigned> JsonParser::fourHexDigits() {
    if (_text.size() - _at < 4) return std::nullopt;
    const char* first = _text.data() + _at;
    unsigned unit = 0;
    const auto [end, error] = std::from_chars(first, first + 4, unit, 16);
    if (error != std::errc() || end != first + 4) return std::nullopt;
    _at += 4;
    return unit;
}

bool JsonParser::digits() {
    const std::size_t start = _at;
    while (isDigit(peek()))
        ++_at;
    return _at > start;
}

}  // namespace changebank
