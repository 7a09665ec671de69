#pragma once

#include <string>

#include "kickstart/JwtConfiguration.h"

namespace changebank::kickstart {

/// The values of Set-Cookie by which the Login API and the JWT APIs hand over tokens.
std::string accessTokenCookie(const std::string& token);
std::string refreshTokenCookie(const std::string& token, const JwtConfiguration& configuration);

/// Takes a cookie of that name away from the browser.
std::string endOfCookie(const std::string& name);

}  // namespace changebank::kickstart
