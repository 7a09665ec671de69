#pragma once

#include <array>
#include <string_view>

namespace changebank::http {

/// The bytes that a part of a message may consist of.
using CharacterSet = std::array<bool, 256>;

/// ASCII letters, digits and the given marks.
constexpr CharacterSet lettersDigitsAnd(std::string_view marks) {
    CharacterSet set{};
    for (const char letters : {'a', 'A'}) {
        for (int i = 0; i < 26; ++i)
            set[static_cast<unsigned char>(letters + i)] = true;
    }
    for (char digit = '0'; digit <= '9'; ++digit)
        set[static_cast<unsigned char>(digit)] = true;
    for (const char mark : marks)
        set[static_cast<unsigned char>(mark)] = true;
    return set;
}

}  // namespace changebank::http
