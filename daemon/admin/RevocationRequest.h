#pragma once

#include <chrono>
#include <string_view>
#include <variant>

#include "changebank/daemon/settings/values/SettingType.h"
#include "changebank/security/revocation/Revocation.h"

namespace changebank::daemon {

/// Reads the body of POST /revocations: a JSON object with the texts `session`, `user`, `application`,
/// `tenant` and `reason`, of which those that are missing are empty, and the reason "changebankctl". The
/// revocation has no fault() and concerns all tokens that were issued up to `now`.
std::variant<security::Revocation, BadValue> revocationOf(std::string_view body,
                                                          std::chrono::system_clock::time_point now);

}  // namespace changebank::daemon
