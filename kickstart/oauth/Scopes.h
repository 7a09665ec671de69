#pragma once

#include <string>

namespace changebank::kickstart {

/// The scopes that are offered. Scopes are a text with spaces between them, as in the parameter `scope` and
/// in the claim (RFC 6749 section 3.3).
inline const std::string offeredScopes = "openid offline_access profile email phone address";

bool hasScope(const std::string& scopes, const std::string& name);

/// Whether each of the scopes is one of the others.
bool areScopesAmong(const std::string& scopes, const std::string& others);

}  // namespace changebank::kickstart
