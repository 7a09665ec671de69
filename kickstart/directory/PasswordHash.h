#pragma once

#include <string>
#include <string_view>

#include "changebank/kickstart/values/Digest.h"
#include "changebank/kickstart/values/RandomBytes.h"

namespace changebank::kickstart {

/// A password as it is kept: SHA-256 over a salt of its own and the password. It is compared in constant
/// time, but not made slow to guess: the passwords are published in a kickstart file and kept in memory
/// alone.
class PasswordHash {
public:
    explicit PasswordHash(std::string_view password) : _salt(randomBytes(16)), _digest(digestOf(password)) {}

    bool matches(std::string_view password) const { return areEqualSecrets(digestOf(password), _digest); }

private:
    std::string digestOf(std::string_view password) const { return sha256(_salt + std::string(password)); }

    std::string _salt;
    std::string _digest;
};

}  // namespace changebank::kickstart
