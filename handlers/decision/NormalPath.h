#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace changebank::handlers {

/// The path of a request in the one form that rules are compared with: percent-decoded, ASCII letters in
/// lower case, without a trailing slash (but "/" is a path). std::nullopt for a path that a proxy, the guard
/// and an API might read differently:
/// - one that does not begin with a slash, has an empty segment (`//`) or a dot segment, also encoded
///   (RFC 3986 section 3.3),
/// - a malformed escape, or one of a slash, backslash, percent sign, semicolon, question mark, number sign or
///   control character; these characters themselves, and a blank that is not escaped,
/// - a segment that ends with a dot or a blank, which Windows ignores, or names a stream of a file there (a
///   colon and a dollar sign),
/// - bytes outside ASCII that are not escaped, escapes that are not UTF-8, and characters outside ASCII that
///   software may replace by ASCII or drop: those with a compatibility mapping to ASCII (UAX #15, NFKC), such
///   as full-width forms, ligatures and the Kelvin sign; those with ASCII in their other case, such as ſ, ı,
///   İ and ß; other slashes; invisible ones.
///
/// `path` is the target up to the query.
std::optional<std::string> normalPath(std::string_view path);

}  // namespace changebank::handlers
