#pragma once

#include <string>

namespace changebank {

/// New random ids as W3C Trace Context has them, 16 and 32 hexadecimal digits in lower case, for spans and
/// traces that no request begins. Throw std::runtime_error if there are no random numbers.
std::string newSpanId();
std::string newTraceId();

}  // namespace changebank
