#include "security/JsonParser.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

#include "security/Utf8.h"

namespace changebank::security {

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

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

/// Few members are compared one by one; many are sorted first, so that a hostile object costs no quadratic
/// time.
bool hasRepeatedName(const Json::Object& members) {
    constexpr std::size_t few = 16;
    if (members.size() <= few) {
        for (std::size_t i = 1; i < members.size(); ++i) {
            for (std::size_t j = 0; j < i; ++j) {
                if (members[i].first == members[j].first) return true;
            }
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

/// std::from_chars leaves the value alone when it is out of range; the exponent's sign tells which way.
double nearestDouble(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc::result_out_of_range) return value;
    const bool tiny = text.find("e-") != std::string_view::npos || text.find("E-") != std::string_view::npos;
    if (tiny) return 0;
    const double infinity = std::numeric_limits<double>::infinity();
    return text.front() == '-' ? -infinity : infinity;
}

}  // namespace

std::optional<Json> JsonParser::parse() {
    if (_text.size() > _limits.size) return std::nullopt;
    skipWhitespace();
    auto result = value();
    if (!result) return std::nullopt;
    skipWhitespace();
    if (_at != _text.size()) return std::nullopt;
    return result;
}

std::optional<Json> JsonParser::value() {
    if (++_values > _limits.values) return std::nullopt;
    switch (peek()) {
        case '{':
            return object();
        case '[':
            return array();
        case '"':
            if (auto text = string()) return Json(std::move(*text));
            return std::nullopt;
        case 't':
            return literal("true", Json(true));
        case 'f':
            return literal("false", Json(false));
        case 'n':
            return literal("null", Json());
        default:
            return number();
    }
}

std::optional<Json> JsonParser::object() {
    if (++_depth > _limits.depth) return std::nullopt;
    ++_at;
    Json::Object members;
    skipWhitespace();
    if (!take('}')) {
        do {
            skipWhitespace();
            auto name = string();
            if (!name) return std::nullopt;
            skipWhitespace();
            if (!take(':')) return std::nullopt;
            skipWhitespace();
            auto member = value();
            if (!member) return std::nullopt;
            members.emplace_back(std::move(*name), std::move(*member));
            skipWhitespace();
        } while (take(','));
        if (!take('}')) return std::nullopt;
    }
    --_depth;
    if (hasRepeatedName(members)) return std::nullopt;
    return Json(std::move(members));
}

std::optional<Json> JsonParser::array() {
    if (++_depth > _limits.depth) return std::nullopt;
    ++_at;
    Json::Array elements;
    skipWhitespace();
    if (!take(']')) {
        do {
            skipWhitespace();
            auto element = value();
            if (!element) return std::nullopt;
            elements.push_back(std::move(*element));
            skipWhitespace();
        } while (take(','));
        if (!take(']')) return std::nullopt;
    }
    --_depth;
    return Json(std::move(elements));
}

std::optional<Json> JsonParser::number() {
    const std::size_t start = _at;
    take('-');
    if (!take('0') && !digits()) return std::nullopt;
    if (take('.') && !digits()) return std::nullopt;
    if (take('e') || take('E')) {
        if (!take('+')) take('-');
        if (!digits()) return std::nullopt;
    }
    const auto text = _text.substr(start, _at - start);
    return Json(Json::Number{std::string(text), nearestDouble(text)});
}

std::optional<Json> JsonParser::literal(std::string_view word, Json meaning) {
    if (_text.substr(_at, word.size()) != word) return std::nullopt;
    _at += word.size();
    return meaning;
}

std::optional<std::string> JsonParser::string() {
    if (!take('"')) return std::nullopt;
    std::string out;
    while (true) {
        const auto plain = plainLength(_text.substr(_at));
        out.append(_text, _at, plain);
        _at += plain;
        if (_at == _text.size()) return std::nullopt;
        const auto c = static_cast<unsigned char>(_text[_at]);
        if (c == '"') {
            ++_at;
            return out;
        }
        if (c < 0x20) return std::nullopt;
        if (c == '\\') {
            ++_at;
            if (!escape(out)) return std::nullopt;
            continue;
        }
        const std::size_t length = utf8SequenceLength(_text.substr(_at));
        if (length == 0) return std::nullopt;
        out.append(_text, _at, length);
        _at += length;
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

void JsonParser::skipWhitespace() {
    while (_at < _text.size() && std::string_view(" \t\n\r").find(_text[_at]) != std::string_view::npos)
        ++_at;
}

bool JsonParser::take(char wanted) {
    if (_at >= _text.size() || _text[_at] != wanted) return false;
    ++_at;
    return true;
}

bool JsonParser::digits() {
    const std::size_t start = _at;
    while (isDigit(peek()))
        ++_at;
    return _at > start;
}

}  // namespace changebank::security
