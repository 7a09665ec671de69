#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace changebank::security {

/// An http or https URI without its query and fragment (RFC 9449 section 4.2, `htu`), so that equivalent ones
/// are the same text (RFC 3986 sections 6.2.2 and 6.2.3): scheme and host in lower case, no default port, no
/// escapes of unreserved characters and the others in upper case, no dot segments, a path of at least "/".
/// std::nullopt for a text that is not such a URI: with characters that need an escape, a bad escape, user
/// information, no host or a bad port. Pure and thread-safe.
std::optional<std::string> targetUri(std::string_view uri);

}  // namespace changebank::security
