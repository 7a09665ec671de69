#pragma once

#include <functional>
#include <memory>

#include "kickstart/SigningKey.h"

namespace changebank::kickstart {

/// Where new keys come from; like SigningKey::generate().
using KeyGenerator = std::function<std::shared_ptr<const SigningKey>(KeyAlgorithm algorithm, int bits)>;

}  // namespace changebank::kickstart
