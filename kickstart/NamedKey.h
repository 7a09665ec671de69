#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "kickstart/SigningKey.h"
#include "kickstart/Uuid.h"

namespace changebank::kickstart {

/// A signing key as FusionAuth's key store lists it. `insertInstant` is in milliseconds since the epoch.
struct NamedKey {
    Uuid id;
    std::string name;
    std::shared_ptr<const SigningKey> key;
    std::int64_t insertInstant = 0;
};

}  // namespace changebank::kickstart
