#pragma once

#include <string>

namespace changebank::daemon {

/// A duration in its two largest units, such as `1 h 5 min`; ignores the sign.
std::string spanOf(double seconds);

}  // namespace changebank::daemon
