#pragma once

#include <Poco/StringTokenizer.h>

#include <algorithm>
#include <string>

namespace changebank::kickstart {

/// The supported scopes, separated by spaces as in the parameter and the claim `scope` (RFC 6749 section
/// 3.3).
inline const std::string offeredScopes = "openid offline_access profile email phone address";

inline bool hasScope(const std::string& scopes, const std::string& name) {
    return Poco::StringTokenizer(scopes, " ").has(name);
}

/// Whether every scope in `scopes` is in `others`.
inline bool areScopesAmong(const std::string& scopes, const std::string& others) {
    const Poco::StringTokenizer names(scopes, " ", Poco::StringTokenizer::TOK_IGNORE_EMPTY);
    return std::all_of(names.begin(), names.end(), [&](const auto& name) { return hasScope(others, name); });
}

}  // namespace changebank::kickstart
