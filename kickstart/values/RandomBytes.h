#pragma once

#include <string>

#include "changebank/base/system/RandomBytes.h"
#include "changebank/base/text/Base64Url.h"

namespace changebank::kickstart {

/// 32 random bytes in base64url, 43 characters.
inline std::string randomText() {
    return encodeBase64Url(randomBytes(32));
}

}  // namespace changebank::kickstart
