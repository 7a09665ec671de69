#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace changebank::daemon {

/// One `key = value` of a properties file.
struct Property {
    /// The line on which it begins, counted from 1.
    std::size_t line;
    /// Empty if the line has no key or no separator.
    std::string key;
    std::string value;
};

/// Parses a properties file in the syntax of Poco::Util::PropertyFileConfiguration: `key = value` or
/// `key: value`, comments after # or !, a backslash at the end of a line continues it, and \t, \r, \n, \f
/// and \\ are escapes. Unlike POCO's reader, it keeps line numbers, repeated keys and malformed lines.
std::vector<Property> parseProperties(std::string_view text);

/// A key and a value as a line of such a file, escaped.
std::string propertyLine(std::string_view key, std::string_view value);

}  // namespace changebank::daemon
