#pragma once

#include <string>
#include <variant>

#include "kickstart/Directory.h"
#include "kickstart/oauth/OAuthError.h"
#include "kickstart/oauth/WebAnswer.h"
#include "kickstart/oauth/WebRequest.h"
#include "security/Clock.h"
#include "security/Json.h"

namespace changebank::kickstart {

/// `/oauth2/userinfo` (OpenID Connect Core 1.0 section 5.3), with GET and POST: what the scopes of an access
/// token tell of its user. An application whose scopes are not strict tells everything, and roles besides.
/// May be called by any number of threads.
class UserInfoEndpoint {
public:
    UserInfoEndpoint(const Directory& directory, const security::Clock& clock)
        : _directory(directory), _clock(clock) {}

    WebAnswer answer(const WebRequest& request) const;

    /// The answer to that token; for the hosted backend, which has it from a cookie.
    WebAnswer answerTo(const std::string& token) const;

private:
    std::variant<security::Json, OAuthError> userInfo(const std::string& token) const;

    const Directory& _directory;
    const security::Clock& _clock;
};

}  // namespace changebank::kickstart
