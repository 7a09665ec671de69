#pragma once

#include <string>
#include <string_view>

#include "changebank/kickstart/values/Digest.h"

namespace changebank::kickstart {

/// A key for the management APIs, stored as its SHA-256 digest.
class ApiKey {
public:
    explicit ApiKey(std::string_view key) : _digest(sha256(key)) {}

    /// Whether `key` is this key. Takes the same time for every text of the same length.
    bool matches(std::string_view key) const { return areEqualSecrets(sha256(key), _digest); }

private:
    std::string _digest;
};

}  // namespace changebank::kickstart
