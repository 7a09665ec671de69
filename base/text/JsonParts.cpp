#include "changebank/base/text/JsonParts.h"

#include <string>

#include "changebank/base/text/Trimmed.h"

namespace changebank {

namespace {

constexpr std::string_view whitespace = " \t\n\r";

/// Reads a text from its start to its end.
class Scanner {
public:
    explicit Scanner(std::string_view text) : _rest(trimmed(text, whitespace)) {}

    bool isAtEnd() const { return _rest.empty(); }

    bool take(char wanted) {
        if (_rest.empty() || _rest.front() != wanted) return false;
        _rest.remove_prefix(1);
        skipWhitespace();
        return true;
    }

    /// The text up to the comma, colon or closing bracket that ends it; std::nullopt if there is none or if
    /// brackets or quotation marks inside do not match.
    std::optional<std::string_view> part() {
        std::string open;
        std::size_t size = 0;
        for (; size < _rest.size(); ++size) {
            const char c = _rest[size];
            if (open.empty() && std::string_view(",:]}").find(c) != std::string_view::npos) break;
            if (c == '"') {
                size = endOfString(size);
            } else if (c == '[' || c == '{') {
                open += c == '[' ? ']' : '}';
            } else if (c == ']' || c == '}') {
                if (open.back() != c) return std::nullopt;
                open.pop_back();
            }
        }
        if (size >= _rest.size() || size == 0) return std::nullopt;
        const auto part = trimmed(_rest.substr(0, size), whitespace);
        _rest.remove_prefix(size);
        return part;
    }

private:
    void skipWhitespace() {
        const auto first = _rest.find_first_not_of(whitespace);
        _rest.remove_prefix(first == std::string_view::npos ? _rest.size() : first);
    }

    /// The place of the quotation mark that closes the string which begins at `start`; the end of the text if
    /// there is none.
    std::size_t endOfString(std::size_t start) const {
        std::size_t at = start + 1;
        while (at < _rest.size() && _rest[at] != '"')
            at += _rest[at] == '\\' ? std::size_t{2} : std::size_t{1};
        return at;
    }

    std::string_view _rest;
};

}  // namespace

std::optional<std::vector<std::string_view>> elementsOf(std::string_view text) {
    Scanner scanner(text);
    if (!scanner.take('[')) return std::nullopt;
    std::vector<std::string_view> elements;
    if (!scanner.take(']')) {
        do {
            const auto element = scanner.part();
            if (!element) return std::nullopt;
            elements.push_back(*element);
        } while (scanner.take(','));
        if (!scanner.take(']')) return std::nullopt;
    }
    if (!scanner.isAtEnd()) return std::nullopt;
    return elements;
}

std::optional<std::vector<std::pair<std::string_view, std::string_view>>> membersOf(std::string_view text) {
    Scanner scanner(text);
    if (!scanner.take('{')) return std::nullopt;
    std::vector<std::pair<std::string_view, std::string_view>> members;
    if (!scanner.take('}')) {
        do {
            const auto name = scanner.part();
            if (!name || !scanner.take(':')) return std::nullopt;
            const auto value = scanner.part();
            if (!value) return std::nullopt;
            members.emplace_back(*name, *value);
        } while (scanner.take(','));
        if (!scanner.take('}')) return std::nullopt;
    }
    if (!scanner.isAtEnd()) return std::nullopt;
    return members;
}

}  // namespace changebank
