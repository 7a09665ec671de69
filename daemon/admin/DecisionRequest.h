#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "changebank/daemon/settings/values/SettingType.h"
#include "changebank/handlers/decision/DecisionTrial.h"

namespace changebank::daemon {

/// The request to try of a body `{"method":"GET","target":"/orders","host":"localhost","token":"eyJ…"}`, or
/// what is wrong with it. Only `method` and `target` are needed; the host is `localhost` by default. The
/// method is a token in upper case (RFC 9110 section 9.1), the target has an origin form of at most so many
/// bytes, as many as a listener would take, and nothing has a blank or a control character.
std::variant<handlers::TriedRequest, BadValue> decisionRequestOf(std::string_view body,
                                                                 std::size_t maxTargetLength);

}  // namespace changebank::daemon
