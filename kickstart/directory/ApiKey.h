#pragma once

#include <string>
#include <string_view>

#include "changebank/kickstart/values/Digest.h"

namespace changebank::kickstart {

/// A key that opens the management APIs. Only its SHA-256 digest is kept.
class ApiKey {
public:
    explicit ApiKey(std::string_view key) : _digest(sha256(key)) {}

    /// Whether that is the key; takes the same time for every text of the same length.
    bool matches(std::string_view key) const { return areEqualSecrets(sha256(key), _digest); }

private:
    std::string _digest;
};

}  // namespace changebank::kickstart
