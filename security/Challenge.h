#pragma once

#include <string>

#include "security/Refusal.h"

namespace changebank::security {

/// The realm of every challenge.
inline constexpr std::string_view challengeRealm = "changebank";

/// The value of the WWW-Authenticate header for a refusal (RFC 6750 section 3): `Bearer realm="changebank"`,
/// with `error` where a token was presented. Made of constants alone: nothing from a request enters a header.
/// Empty for causes that are answered without a challenge (our own trouble, cross-site requests).
std::string challengeFor(const Refusal& refusal);

}  // namespace changebank::security
