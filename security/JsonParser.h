#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "security/Json.h"

namespace changebank::security {

/// A recursive-descent reader of one JSON text; see Json::parse() for what it accepts. One object reads one
/// text.
class JsonParser {
public:
    JsonParser(std::string_view text, const JsonLimits& limits) : _text(text), _limits(limits) {}

    std::optional<Json> parse();

private:
    std::optional<Json> value();
    std::optional<Json> object();
    std::optional<Json> array();
    std::optional<Json> number();
    std::optional<Json> literal(std::string_view word, Json meaning);
    std::optional<std::string> string();
    bool escape(std::string& out);
    std::optional<unsigned> fourHexDigits();

    void skipWhitespace();
    bool take(char wanted);
    bool digits();
    char peek() const { return _at < _text.size() ? _text[_at] : '\0'; }

    std::string_view _text;
    const JsonLimits& _limits;
    std::size_t _at = 0;
    std::size_t _depth = 0;
    std::size_t _values = 0;
};

}  // namespace changebank::security
