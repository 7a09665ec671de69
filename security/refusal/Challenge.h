#pragma once

#include <string>
#include <string_view>

#include "changebank/security/refusal/Refusal.h"

namespace changebank::security {

/// The realm of ChangeBank's challenges.
inline constexpr std::string_view defaultRealm = "changebank";

/// True if a text can be used as a realm without escaping: printable ASCII without quotation marks and
/// backslashes.
bool isRealm(std::string_view text) noexcept;

/// The value of the WWW-Authenticate header for a refusal (RFC 6750 section 3): `Bearer realm="changebank"`,
/// with `error` if a token was presented. Consists of constants only: nothing from a request enters a header.
/// Empty for causes without a challenge (status 503, cross-site requests).
std::string challengeFor(const Refusal& refusal, std::string_view realm = defaultRealm);

}  // namespace changebank::security
