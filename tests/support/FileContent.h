#pragma once

#include <fstream>
#include <iterator>
#include <string>

namespace changebank::tests {

/// All bytes of a file; none if it cannot be read.
inline std::string contentOf(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace changebank::tests
