#pragma once

#include <string_view>

namespace changebank::tests {

/// Whether the text has that part.
inline bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

}  // namespace changebank::tests
