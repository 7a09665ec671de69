#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "changebank/kickstart/values/Digest.h"

namespace changebank::kickstart {

/// The recent DPoP proofs (RFC 9449 section 11.1), so that each is good once. Not thread-safe; Directory
/// locks it. All times are in milliseconds since the epoch.
class UsedProofs {
public:
    /// Max number of proofs; a small one, since each is kept for seconds.
    static constexpr std::size_t maxProofs = 1000;

    /// Remembers a proof, by the thumbprint of its key and its `jti`, until it is too old to be accepted.
    /// False if it was used before, or if there are too many others.
    bool add(std::string_view keyThumbprint, std::string_view id, std::int64_t until, std::int64_t now) {
        std::erase_if(_untils, [now](const auto& entry) { return entry.second <= now; });
        // Thumbprints have one length, so no other pair gives this text.
        return _untils.size() < maxProofs &&
               _untils.emplace(sha256(std::string(keyThumbprint) + std::string(id)), until).second;
    }

private:
    /// By digest, which bounds what a long `jti` takes.
    std::map<std::string, std::int64_t> _untils;
};

}  // namespace changebank::kickstart
