#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace changebank {

class Json;

/// Limits of a JSON text. A text beyond one of them is rejected like a malformed one.
struct JsonLimits {
    /// Bytes.
    std::size_t size = std::size_t{64} * 1024;
    /// Nesting of arrays and objects.
    std::size_t depth = 16;
    /// Values of any kind in the whole text.
    std::size_t values = 4096;
};

/// One value of a JSON text (RFC 8259), read strictly: valid UTF-8 without a byte order mark, no lone
/// surrogates, no member twice in an object (compared after unescaping, RFC 7515 section 4 and RFC 7519
/// section 4), nothing after the value. Members keep the order of the text. Immutable once parsed, so it may
/// be read by any number of threads.
class Json {
public:
    using Array = std::vector<Json>;
    using Member = std::pair<std::string, Json>;
    using Object = std::vector<Member>;

    /// A number keeps its text, since a double cannot represent every integer.
    struct Number {
        std::string text;
        /// The nearest double; infinite if the text is out of range.
        double value() const;
    };

    /// Parses one text; std::nullopt if it is not one well-formed value within the limits. `end`, if given,
    /// receives the offset at which parsing stopped: of the error, or of the end of the text.
    static std::optional<Json> parse(std::string_view text, const JsonLimits& limits = {},
                                     std::size_t* end = nullptr);

    Json() = default;
    explicit Json(bool value) : _value(value) {}
    explicit Json(Number value) : _value(std::move(value)) {}
    explicit Json(std::string value) : _value(std::move(value)) {}
    explicit Json(Array value) : _value(std::move(value)) {}
    explicit Json(Object value) : _value(std::move(value)) {}

    bool isNull() const noexcept { return std::holds_alternative<std::monostate>(_value); }
    /// The value if it is of that kind, else nullptr; never converts. The pointer is valid as long as this
    /// value.
    const bool* boolean() const noexcept { return std::get_if<bool>(&_value); }
    const Number* number() const noexcept { return std::get_if<Number>(&_value); }
    const std::string* string() const noexcept { return std::get_if<std::string>(&_value); }
    const Array* array() const noexcept { return std::get_if<Array>(&_value); }
    const Object* object() const noexcept { return std::get_if<Object>(&_value); }

    /// The member of that name, or nullptr if this is not an object or has none.
    const Json* find(std::string_view name) const noexcept;

    /// The value as one line of JSON text, numbers as they were written.
    std::string toText() const;

private:
    friend class JsonParser;

    /// The first of `count` members with that name, or nullptr.
    static const Member* find(const Member* members, std::size_t count, std::string_view name) noexcept;

    std::variant<std::monostate, bool, Number, std::string, Array, Object> _value;
};

/// The text as a JSON string literal with its quotation marks; control characters, characters for which
/// isHidden() holds, quotation marks and backslashes are escaped, bytes that are not valid UTF-8 become
/// U+FFFD, so that the result is always one line of valid JSON, also on a terminal.
std::string quoteJson(std::string_view text);

/// `\uXXXX` for a code point below U+10000.
std::string escapedJson(char32_t codePoint);

}  // namespace changebank
