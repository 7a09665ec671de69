#pragma once

#include <string>

#include "changebank/kickstart/directory/JwtConfiguration.h"

namespace changebank::kickstart {

/// The values of Set-Cookie with which the Login API and the JWT APIs return tokens.
inline std::string accessTokenCookie(const std::string& token) {
    return "access_token=" + token + "; Path=/; Secure; HttpOnly";
}

inline std::string refreshTokenCookie(const std::string& token, const JwtConfiguration& configuration) {
    return "refresh_token=" + token +
           "; Path=/; Max-Age=" + std::to_string(configuration.refreshTokenTimeToLiveInMinutes * 60) +
           "; Secure; HttpOnly";
}

/// Removes the cookie with this name from the browser.
inline std::string endOfCookie(const std::string& name) {
    return name + "=; Path=/; Max-Age=0; Secure; HttpOnly";
}

}  // namespace changebank::kickstart
