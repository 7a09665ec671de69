#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace changebank::kickstart {

/// A password as it is kept: PBKDF2 with HMAC-SHA-512 (RFC 8018 section 5.2) over a salt of its own.
class PasswordHash {
public:
    /// What OWASP's password storage advice asks of PBKDF2-HMAC-SHA512; about a tenth of a second.
    static constexpr int defaultIterations = 210'000;

    /// Hashes a password with a new salt of 16 octets.
    static PasswordHash of(std::string_view password, int iterations = defaultIterations);

    /// The hash of no password at all, which none matches; costs nothing to make and as much as any to
    /// compare.
    static PasswordHash ofNothing(int iterations);

    /// Reads what toText() has written; std::nullopt for every other text.
    static std::optional<PasswordHash> parse(std::string_view text);

    /// `pbkdf2-sha512$ITERATIONS$SALT$DIGEST`, salt and digest in base64url.
    std::string toText() const;

    /// The derived key alone, of 32 octets.
    static std::string digest(std::string_view password, std::string_view salt, int iterations);

    /// Whether the password is the one that was hashed. Takes the same time for every password.
    bool matches(std::string_view password) const;

private:
    PasswordHash(std::string_view salt, int iterations, std::string_view digest)
        : _salt(salt), _iterations(iterations), _digest(digest) {}

    std::string _salt;
    int _iterations;
    std::string _digest;
};

}  // namespace changebank::kickstart
