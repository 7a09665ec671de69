#pragma once

#include <string>
#include <string_view>

#include "changebank/base/system/RandomBytes.h"
#include "changebank/kickstart/values/Digest.h"

namespace changebank::kickstart {

/// A stored password: SHA-256 over a random salt and the password. Compared in constant time, but not
/// hardened against guessing: the passwords are published in a kickstart file and kept in memory only.
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
