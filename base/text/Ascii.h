#pragma once

namespace changebank {

// The characters of ASCII, whatever the locale. A byte beyond ASCII belongs to no class and has no case.

constexpr bool isDigit(char c) noexcept {
    return c >= '0' && c <= '9';
}

constexpr char toLower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// The value of a hexadecimal digit in either case; -1 if it is not one.
constexpr int hexDigitValue(char c) noexcept {
    if (isDigit(c)) return c - '0';
    const char lower = toLower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// A character that never needs an escape in a URI (RFC 3986 section 2.3).
constexpr bool isUnreserved(char c) noexcept {
    const char lower = toLower(c);
    return isDigit(c) || (lower >= 'a' && lower <= 'z') || c == '-' || c == '.' || c == '_' || c == '~';
}

/// Below the space, or DEL.
constexpr bool isControl(char c) noexcept {
    return static_cast<unsigned char>(c) < ' ' || c == '\x7F';
}

}  // namespace changebank
