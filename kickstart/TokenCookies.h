#pragma once

#include <string>

#include "kickstart/JwtConfiguration.h"

namespace changebank::kickstart {

/// The values of Set-Cookie by which the Login API and the JWT APIs hand over tokens.
std::string accessTokenCookie(const std::string& token);
std::string refreshTokenCookie(const std::string& token, const JwtConfiguration& configuration);

}  // namespace changebank::kickstart
