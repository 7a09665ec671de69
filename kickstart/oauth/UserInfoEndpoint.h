#pragma once

#include <string>

#include "kickstart/Directory.h"
#include "kickstart/oauth/WebAnswer.h"
#include "security/Clock.h"

namespace changebank::kickstart {

/// Answers `/oauth2/userinfo` (OpenID Connect Core 1.0 section 5.3): what the scopes of an access token tell
/// of its user. An application whose scopes are not strict tells everything, and roles besides. The token is
/// empty if there was none.
WebAnswer userInfo(const Directory& directory, const security::Clock& clock, const std::string& token);

}  // namespace changebank::kickstart
