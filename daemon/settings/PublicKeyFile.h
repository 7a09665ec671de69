#pragma once

#include <memory>
#include <string>
#include <variant>

#include "changebank/security/jose/JwkSet.h"

namespace changebank::daemon {

/// Why a file of public keys is unusable, as the end of a sentence that begins with the file's name.
struct BadPublicKeys {
    std::string why;
};

/// The keys of a file: a JWK set, a JWK, or a public key or certificate in PEM. There is one at least.
std::variant<std::shared_ptr<const security::JwkSet>, BadPublicKeys> readPublicKeys(const std::string& path);

}  // namespace changebank::daemon
