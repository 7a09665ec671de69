#pragma once

#include <cstdlib>
#include <iostream>
#include <string_view>

namespace changebank::fuzz {

/// Stops the program where a property does not hold, which the fuzzer reports with the input.
inline void expect(bool holds, std::string_view property) {
    if (holds) return;
    std::cerr << "does not hold: " << property << std::endl;
    std::abort();
}

}  // namespace changebank::fuzz
