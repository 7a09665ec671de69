#include "changebank/daemon/settings/sources/Properties.h"

#include "changebank/base/text/Trimmed.h"

namespace changebank::daemon {

namespace {

constexpr std::string_view whiteSpace = " \t\r\f";

std::string withoutBlanks(std::string_view text) {
    return std::string(trimmed(text, whiteSpace));
}

char unescaped(char c) {
    switch (c) {
        case 't':
            return '\t';
        case 'r':
            return '\r';
        case 'n':
            return '\n';
        case 'f':
            return '\f';
        default:
            return c;
    }
}

/// Iterates over the lines of a text.
class Reader {
public:
    explicit Reader(std::string_view text) : _rest(text) {}

    bool atEnd() const { return _rest.empty(); }
    std::size_t line() const { return _line; }

    /// The next line without its end.
    std::string_view takeLine() {
        const auto end = _rest.find('\n');
        auto line = _rest.substr(0, end);
        _rest.remove_prefix(end == std::string_view::npos ? _rest.size() : end + 1);
        ++_line;
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        return line;
    }

private:
    std::string_view _rest;
    std::size_t _line = 0;
};

/// Builds one property from its lines.
class Assembly {
public:
    /// Adds a line; returns whether the next one continues it.
    bool add(std::string_view line) {
        for (std::size_t i = 0; i < line.size(); ++i) {
            if (line[i] == '\\') {
                if (++i == line.size()) return true;
                append(unescaped(line[i]));
            } else if (!_hasSeparator && (line[i] == '=' || line[i] == ':')) {
                _hasSeparator = true;
            } else {
                append(line[i]);
            }
        }
        return false;
    }

    Property finish(std::size_t line) const {
        return {line, _hasSeparator ? withoutBlanks(_key) : std::string{}, withoutBlanks(_value)};
    }

private:
    void append(char c) { (_hasSeparator ? _value : _key) += c; }

    std::string _key;
    std::string _value;
    bool _hasSeparator = false;
};

}  // namespace

std::vector<Property> parseProperties(std::string_view text) {
    std::vector<Property> properties;
    Reader reader(text);
    while (!reader.atEnd()) {
        auto line = reader.takeLine();
        const auto number = reader.line();
        const auto first = line.find_first_not_of(whiteSpace);
        if (first == std::string_view::npos || line[first] == '#' || line[first] == '!') continue;
        Assembly assembly;
        while (assembly.add(line) && !reader.atEnd())
            line = reader.takeLine();
        properties.push_back(assembly.finish(number));
    }
    return properties;
}

std::string propertyLine(std::string_view key, std::string_view value) {
    std::string line(key);
    line += " = ";
    for (const char c : value) {
        switch (c) {
            case '\\':
                line += "\\\\";
                break;
            case '\t':
                line += "\\t";
                break;
            case '\r':
                line += "\\r";
                break;
            case '\n':
                line += "\\n";
                break;
            case '\f':
                line += "\\f";
                break;
            default:
                line += c;
        }
    }
    if (value.empty()) line.pop_back();
    return line;
}

}  // namespace changebank::daemon
