#pragma once

#include "changebank/base/text/Json.h"

namespace changebank::kickstart {

/// How large a request body may be: 1 MiB, 32 levels, 65,536 values. A larger one gets 413 over HTTP.
inline constexpr JsonLimits bodyLimits{1'048'576, 32, 65'536};

/// How large a kickstart file, or a file that it includes, may be: 16 MiB, 32 levels, 1,048,576 values.
inline constexpr JsonLimits kickstartLimits{16'777'216, 32, 1'048'576};

}  // namespace changebank::kickstart
