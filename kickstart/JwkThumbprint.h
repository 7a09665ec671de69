#pragma once

#include <string>

#include "security/Json.h"

namespace changebank::kickstart {

/// The thumbprint of a public key (RFC 7638) as FusionAuth makes a `kid` of it: with SHA-1, in base64url. The
/// members are the required ones of the key's type, in lexicographic order.
std::string jwkThumbprint(const security::Json::Object& members);

}  // namespace changebank::kickstart
