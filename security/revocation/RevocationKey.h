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

/// The key of all tokens of a session.
RevocationKey revocationKeyOfSession(std::string_view session);
/// The key of all tokens of a user; with an application, of those for it alone.
RevocationKey revocationKeyOfUser(std::string_view user, std::string_view application = {});
/// The key of all tokens for an application; with a tenant, of those of it alone.
RevocationKey revocationKeyOfApplication(std::string_view application, std::string_view tenant = {});

/// The keys of all revocations that a token is subject to: of its session (`sid`), its user, and each of its
/// applications (`applicationId` and `aud`), of the user in them and of all users, in the token's tenant
/// (`tid`) and in any. The user is the subject, and what the claim `sub` says if that is another text:
/// issuers revoke by it whatever claim a policy takes the subject from. Claims that are no strings, and empty
/// ones, have no keys. `claims` is the token's claims set. No key is there twice. Pure.
std::vector<RevocationKey> revocationKeysOf(const Json& claims, std::string_view subject);

}  // namespace changebank::security
