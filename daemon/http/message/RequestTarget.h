#pragma once

#include <optional>
#include <string_view>

namespace changebank::http {

/// A request-target taken apart (RFC 9112 section 3.2). A value whose views look into the parsed text.
struct RequestTarget {
    enum class Form { Origin, Absolute, Authority, Asterisk };

    Form form;
    bool isHttps;                ///< An absolute form with that scheme.
    std::string_view authority;  ///< Host and optional port; empty in the origin and asterisk forms.
    std::string_view path;       ///< Begins with a slash, or is "*"; empty if an absolute form has no path.
    std::string_view query;      ///< With its question mark; empty if there is none.

    /// Nothing if the target breaks the grammar, names a scheme other than http and https, carries user
    /// information (RFC 9110 section 4.2.4), or has a form that does not go with the method: authority is
    /// CONNECT's alone, asterisk that of OPTIONS.
    static std::optional<RequestTarget> parse(std::string_view method, std::string_view target);
};

/// Whether the text is a uri-host with an optional port (RFC 9110 section 7.2), the value of a Host field.
/// Empty is valid.
bool isHostAndPort(std::string_view text);

}  // namespace changebank::http
