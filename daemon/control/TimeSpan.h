#pragma once

#include <string>

namespace changebank::daemon {

/// A duration of so many seconds in its two largest units, such as `1 h 5 min`; the sign is left out.
std::string spanOf(double seconds);

}  // namespace changebank::daemon
