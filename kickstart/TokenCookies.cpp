#include "kickstart/TokenCookies.h"

namespace changebank::kickstart {

namespace {

constexpr std::int64_t secondsPerMinute = 60;

}  // namespace

std::string accessTokenCookie(const std::string& token) {
    return "access_token=" + token + "; Path=/; Secure; HttpOnly";
}

std::string refreshTokenCookie(const std::string& token, const JwtConfiguration& configuration) {
    const auto maximumAge = configuration.refreshTokenTimeToLiveInMinutes * secondsPerMinute;
    return "refresh_token=" + token + "; Path=/; Max-Age=" + std::to_string(maximumAge) +
           "; Secure; HttpOnly";
}

std::string endOfCookie(const std::string& name) {
    return name + "=; Path=/; Max-Age=0; Secure; HttpOnly";
}

}  // namespace changebank::kickstart
