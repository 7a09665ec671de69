#pragma once

#include "security/Json.h"

namespace changebank::kickstart {

/// How large a request body may be unless it is said otherwise: 1 MiB, 32 levels, 65,536 values.
inline constexpr security::JsonLimits bodyLimits{1'048'576, 32, 65'536};

/// How large a kickstart file, or a file that it includes, may be: 16 MiB, 32 levels, 1,048,576 values.
inline constexpr security::JsonLimits kickstartLimits{16'777'216, 32, 1'048'576};

/// How large a state file may be: 256 MiB, with however many values fit into them. What a request brought
/// stands up to three levels deeper there than in its body.
inline constexpr security::JsonLimits stateLimits{268'435'456, bodyLimits.depth + 3, 268'435'456};

}  // namespace changebank::kickstart
