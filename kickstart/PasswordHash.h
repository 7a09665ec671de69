#pragma once

#include <string>
#include <string_view>

namespace changebank::kickstart {

/// A password as it is kept: PBKDF2 with HMAC-SHA-256 (RFC 8018 section 5.2) over a salt of its own.
class PasswordHash {
public:
    /// What OWASP's password storage advice asks of PBKDF2-HMAC-SHA256; about an eighth of a second.
    static constexpr int defaultIterations = 600'000;

    /// Hashes a password with a new salt of 16 octets.
    static PasswordHash of(std::string_view password, int iterations = defaultIterations);

    /// The derived key alone, of 32 octets.
    static std::string digest(std::string_view password, std::string_view salt, int iterations);

    /// Whether the password is the one that was hashed. Takes the same time for every password.
    bool matches(std::string_view password) const;

private:
    PasswordHash(std::string salt, int iterations) : _salt(std::move(salt)), _iterations(iterations) {}

    std::string _salt;
    int _iterations;
    std::string _digest;
};

}  // namespace changebank::kickstart
