#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace changebank::security {

/// Nonces for DPoP proofs (RFC 9449 sections 8 and 9): nobody can make a proof long before it is used.
/// Nothing is stored: a nonce is a keyed hash (HMAC with SHA-256) of a span of time, so servers with the same
/// secret accept each other's. Immutable, usable from any thread.
class DpopNonces {
public:
    /// The least length of a secret, in bytes.
    static constexpr std::size_t minSecretSize = 32;

    /// A nonce is accepted for at least `lifetime` after it was given, and for less than twice as long.
    /// Throws Poco::InvalidArgumentException if the secret is too short or the lifetime is not above zero.
    DpopNonces(std::string secret, std::chrono::seconds lifetime);

    /// The nonce to give at the time `now`, in seconds since 1970: 43 characters of base64url.
    std::string current(double now) const;

    enum class Standing : unsigned char {
        current,
        /// Accepted, but to be replaced by current().
        ending,
        unknown,
    };

    Standing standingOf(std::string_view nonce, double now) const;

private:
    std::string nonceOf(std::int64_t span) const;
    std::int64_t spanAt(double now) const;

    std::string _secret;
    double _lifetime;
};

}  // namespace changebank::security
