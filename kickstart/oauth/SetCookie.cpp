#include "kickstart/oauth/SetCookie.h"

namespace changebank::kickstart {

std::string SetCookie::toText(bool isSecure) const {
    std::string text = name + '=' + value + "; Path=/";
    if (!domain.empty()) text += "; Domain=" + domain;
    if (maxAge) text += "; Max-Age=" + std::to_string(maxAge->count());
    if (isSecure) text += "; Secure";
    if (isHttpOnly) text += "; HttpOnly";
    return text + "; SameSite=Lax";
}

}  // namespace changebank::kickstart
