#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "changebank/base/text/Json.h"

namespace changebank {

/// A recursive-descent reader of one JSON text; see Json::parse() for what it accepts. One object reads one
/// text.
class JsonParser {
public:
    JsonParser(std::string_view text, const JsonLimits& limits) : _text(text), _limits(limits) {}

    std::optional<Json> parse();

    /// The current offset.
    std::size_t position() const noexcept { return _at; }

private:
    // Each parses what it is named after at the current offset into an empty `out`, and returns false if it
    // is not there.
    bool value(Json& out);
    bool object(Json::Object& out);
    static bool hasRepeatedName(const Json::Object& members);
    bool array(Json::Array& out);
    bool number(Json::Number& out);
    bool string(std::string& out);
    /// Parses what follows a backslash and appends the character to `out`.
    bool escape(std::string& out);
    bool literal(std::string_view word);
    std::optional<unsigned> fourHexDigits();

    void skipWhitespace() {
        while (isWhitespace(peek()))
            ++_at;
    }
    bool take(char wanted) {
        if (_at >= _text.size() || _text[_at] != wanted) return false;
        ++_at;
        return true;
    }
    bool digits();
    char peek() const { return _at < _text.size() ? _text[_at] : '\0'; }
    static bool isWhitespace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

    std::string_view _text;
    const JsonLimits& _limits;
    std::size_t _at = 0;
    std::size_t _depth = 0;
    std::size_t _values = 0;
};

}  // namespace changebank
