#pragma once

#include <cstdint>
#include <string_view>

namespace changebank {

/// The secret of a hash: random, and never shown to anybody.
struct SipKey {
    std::uint64_t first = 0;
    std::uint64_t second = 0;

    /// Throws std::runtime_error if OpenSSL's random number generator fails.
    static SipKey random();
};

/// SipHash-2-4 (Aumasson and Bernstein, 2012): 64 bits. Who does not know the key cannot find texts that
/// collide, so it is for tables whose keys callers choose.
std::uint64_t sipHash(std::string_view text, const SipKey& key) noexcept;

}  // namespace changebank
