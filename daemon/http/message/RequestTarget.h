#pragma once

#include <optional>
#include <string_view>

namespace changebank::http {

/// A parsed request-target (RFC 9112 section 3.2). The views point into the parsed text.
struct RequestTarget {
    enum class Form { Origin, Absolute, Authority, Asterisk };

    Form form;
    bool isHttps;                ///< Absolute form with the scheme https.
    std::string_view authority;  ///< Host and optional port; empty in origin and asterisk form.
    std::string_view path;       ///< Begins with a slash, or is "*"; empty if an absolute form has no path.
    std::string_view query;      ///< With the question mark; empty if there is none.

    /// Nothing if the target violates the grammar, has a scheme other than http and https, contains user
    /// information (RFC 9110 section 4.2.4), or has a form that the method does not allow: authority form is
    /// only for CONNECT, asterisk form only for OPTIONS.
    static std::optional<RequestTarget> parse(std::string_view method, std::string_view target);
};

/// Whether the text is a valid Host field: a uri-host with an optional port (RFC 9110 section 7.2), or empty.
bool isHostAndPort(std::string_view text);

}  // namespace changebank::http
