#include "changebank/base/text/Json.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <locale>
#include <sstream>

#include "changebank/base/text/Ascii.h"
#include "changebank/base/text/JsonParser.h"
#include "changebank/base/text/Utf8.h"

namespace changebank {

namespace {

struct Writer {
    std::string& out;

    void operator()(std::monostate) { out += "null"; }
    void operator()(bool value) { out += value ? "true" : "false"; }
    void operator()(const Json::Number& value) { out += value.text; }
    void operator()(const std::string& value) { out += quoteJson(value); }
    void operator()(const Json::Array& elements) {
        out += '[';
        for (std::size_t i = 0; i < elements.size(); ++i) {
            if (i > 0) out += ',';
            out += elements[i].toText();
        }
        out += ']';
    }
    void operator()(const Json::Object& members) {
        out += '{';
        for (std::size_t i = 0; i < members.size(); ++i) {
            if (i > 0) out += ',';
            out += quoteJson(members[i].first);
            out += ':';
            out += members[i].second.toText();
        }
        out += '}';
    }
};

}  // namespace

// std::from_chars does not say at which end a number is out of range; a stream is slower, but does.
double Json::Number::value() const {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc::result_out_of_range) return value;
    std::istringstream stream(text);
    stream.imbue(std::locale::classic());
    stream >> value;
    return stream.fail() ? std::copysign(std::numeric_limits<double>::infinity(), value) : value;
}

std::optional<Json> Json::parse(std::string_view text, const JsonLimits& limits, std::size_t* end) {
    JsonParser parser(text, limits);
    auto value = parser.parse();
    if (end) *end = parser.position();
    return value;
}

const Json* Json::find(std::string_view name) const noexcept {
    const auto* members = object();
    const auto* member = members ? find(members->data(), members->size(), name) : nullptr;
    return member ? &member->second : nullptr;
}

// Most names differ in their first letter, which is cheaper to compare than to call a function.
const Json::Member* Json::find(const Member* members, std::size_t count, std::string_view name) noexcept {
    const char initial = name.empty() ? '\0' : name.front();
    const auto* const end = members + count;
    const auto* const member = std::find_if(members, end, [name, initial](const Member& candidate) {
        return *candidate.first.c_str() == initial && candidate.first == name;
    });
    return member == end ? nullptr : member;
}

std::string Json::toText() const {
    std::string out;
    std::visit(Writer{out}, _value);
    return out;
}

std::string escapedJson(char32_t codePoint) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text = "\\u";
    for (int shift = 12; shift >= 0; shift -= 4)
        text += digits[codePoint >> shift & 0xF];
    return text;
}

std::string quoteJson(std::string_view text) {
    constexpr std::string_view replacement = "\xEF\xBF\xBD";
    std::string out = "\"";
    while (true) {
        const auto plain = plainLength(text);
        out.append(text, 0, plain);
        text.remove_prefix(plain);
        if (text.empty()) break;
        const char c = text.front();
        const std::size_t length = utf8SequenceLength(text);
        if (length == 0) {
            out += replacement;
        } else if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (isControl(c)) {
            out += escapedJson(static_cast<unsigned char>(c));
        } else if (const auto codePoint = codePointOf(text.substr(0, length)); isHidden(codePoint)) {
            out += escapedJson(codePoint);
        } else {
            out.append(text, 0, length);
        }
        text.remove_prefix(length == 0 ? 1 : length);
    }
    return out + '"';
}

}  // namespace changebank
