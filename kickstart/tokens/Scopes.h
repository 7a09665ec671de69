#pragma once

#include <Poco/StringTokenizer.h>

#include <algorithm>
#include <optional>
#include <string>

#include "changebank/kickstart/directory/Application.h"

namespace changebank::kickstart {

// Scopes are separated by spaces, as in the parameter and the claim `scope` (RFC 6749 section 3.3).

/// The scopes that a request for `asked` grants, each once and in its order. What the application does not
/// know stays or goes as its unknownScopePolicy says; std::nullopt if that rejects the request.
std::optional<std::string> grantedScopes(const Application& application, const std::string& asked);

inline bool hasScope(const std::string& scopes, const std::string& name) {
    return Poco::StringTokenizer(scopes, " ").has(name);
}

/// Whether every scope in `scopes` is in `others`.
inline bool areScopesAmong(const std::string& scopes, const std::string& others) {
    const Poco::StringTokenizer names(scopes, " ", Poco::StringTokenizer::TOK_IGNORE_EMPTY);
    return std::all_of(names.begin(), names.end(), [&](const auto& name) { return hasScope(others, name); });
}

}  // namespace changebank::kickstart
