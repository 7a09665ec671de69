#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace changebank::security {

/// A hash for tables whose keys come from strangers: SipHash-1-3 (Aumasson and Bernstein, 2012; the variant
/// with one round a word and three at the end). Whoever does not know the secret cannot make texts that
/// collide. No signature and no message digest: never use it to tell texts apart without comparing them.
/// Immutable, usable from any thread.
class SipHash {
public:
    using Secret = std::array<std::uint64_t, 2>;

    explicit constexpr SipHash(const Secret& secret) noexcept : _secret(secret) {}

    /// With a secret from OpenSSL's random generator. Throws Poco::RuntimeException if that has none.
    static SipHash withRandomSecret();

    std::uint64_t operator()(std::string_view text) const noexcept;

private:
    Secret _secret;
};

}  // namespace changebank::security
