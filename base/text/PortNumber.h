#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace changebank {

/// Parses a port, decimal digits from 0 to 65535; std::nullopt for any other text.
inline std::optional<std::uint16_t> portNumber(std::string_view text) noexcept {
    std::uint16_t port = 0;
    const auto* last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, port);
    if (error != std::errc() || end != last) return std::nullopt;
    return port;
}

}  // namespace changebank
