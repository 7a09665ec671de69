#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace changebank::handlers {

/// The target of a request (RFC 9112 section 3.2) as this application looks at it: a path in one spelling,
/// and a query. Whoever decides by path, guard and router alike, decides by this one. An immutable value.
class RequestTarget {
public:
    /// Takes the origin form ("/make-change?total=1") or the absolute form ("http://host/make-change"); every
    /// other text becomes a path that no route has.
    explicit RequestTarget(std::string_view target);

    /// The path in lower case (ASCII) and without one trailing slash. Percent signs, doubled slashes,
    /// semicolons and backslashes stay as they are: nothing is decoded, so no two spellings of a separator
    /// mean the same path.
    const std::string& path() const noexcept { return _path; }

    /// The value of a parameter of the query if it comes once, percent-decoded and with '+' read as a space;
    /// std::nullopt if it does not come, or more than once. A percent sign without two hexadecimal digits
    /// stays as it is; a parameter without '=' has an empty value.
    std::optional<std::string> sole(std::string_view parameter) const;

private:
    std::string _path;
    std::string _query;
};

}  // namespace changebank::handlers
