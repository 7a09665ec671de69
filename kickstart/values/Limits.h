#pragma once

#include "changebank/base/text/Json.h"

namespace changebank::kickstart {

/// Max size of a request body: 1 MiB, 32 levels, 65,536 values. A larger body gets 413 over HTTP.
inline constexpr JsonLimits bodyLimits{1'048'576, 32, 65'536};

/// Max size of a kickstart file: 16 MiB, 32 levels, 1,048,576 values.
inline constexpr JsonLimits kickstartLimits{16'777'216, 32, 1'048'576};

}  // namespace changebank::kickstart
