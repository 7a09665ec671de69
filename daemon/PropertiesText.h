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
    std::string key;
    std::string value;
};

/// The text of a properties file in the syntax of Poco::Util::PropertyFileConfiguration: `key = value` or
/// `key: value`, comments behind # or !, a backslash at the end of a line continues it, and \t, \r, \n, \f
/// and \\ are escapes. Unlike POCO's reader this one keeps line numbers and repeated keys.
struct PropertiesText {
    std::vector<Property> properties;
    /// The lines that have no key or no separator.
    std::vector<std::size_t> brokenLines;

    static PropertiesText parse(std::string_view text);
};

/// A key and a value as a line of such a file, with what needs escaping escaped.
std::string propertyLine(std::string_view key, std::string_view value);

}  // namespace changebank::daemon
