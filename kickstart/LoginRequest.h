#pragma once

#include <string>

#include "security/Json.h"

namespace changebank::kickstart {

/// What a login asks for, besides who it is.
struct LoginRequest {
    /// The claim `authenticationType`.
    std::string type;
    bool withToken = true;
    /// What the body says of the device, or nullptr.
    const security::Json* metaData = nullptr;
};

}  // namespace changebank::kickstart
