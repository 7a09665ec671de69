#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "changebank/base/text/Json.h"

namespace changebank::security {

/// What a revocation is looked up by: the first 128 bits of the SHA-256 of its kind and its ids. The same on
/// every machine; no two different ones are known to collide.
using RevocationKey = std::array<std::uint64_t, 2>;

/// The keys of all revocations that a token is subject to: of its session (`sid`), its subject, and each of
/// its applications (`applicationId` and `aud`), of the subject in them and of all subjects, in the token's
/// tenant (`tid`) and in any. `claims` is the token's claims set. Pure.
std::vector<RevocationKey> revocationKeysOf(const Json& claims, std::string_view subject);

}  // namespace changebank::security
