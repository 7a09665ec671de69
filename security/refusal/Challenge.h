#pragma once

#include <string>
#include <string_view>

#include "changebank/security/refusal/Refusal.h"

namespace changebank::security {

/// The realm of ChangeBank's challenges.
inline constexpr std::string_view defaultRealm = "changebank";

/// Whether a text can be a realm as it is: printable ASCII without quotation marks and backslashes.
bool isRealm(std::string_view text) noexcept;

/// The value of the WWW-Authenticate header for a refusal (RFC 6750 section 3): `Bearer realm="changebank"`,
/// with `error` where a token was presented. Made of constants alone: nothing from a request enters a header.
/// Empty for causes that are answered without a challenge (our own trouble, cross-site requests).
std::string challengeFor(const Refusal& refusal, std::string_view realm = defaultRealm);

}  // namespace changebank::security
