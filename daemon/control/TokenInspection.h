#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "changebank/daemon/control/KeySetSource.h"

namespace changebank::daemon {

/// What a token says, for people, without judging it: header and claims member by member, times also as dates
/// and how far they are from `now` (seconds since 1970), and which key would be used, if a key set is given.
/// Several lines; every text of the token is escaped.
std::string describeToken(std::string_view token, const std::optional<ReadKeySet>& keys, double now);

/// The same as one line of JSON: `{"header":…,"claims":…,"key":…}`, null for what cannot be read.
std::string tokenAsJson(std::string_view token, const std::optional<ReadKeySet>& keys);

}  // namespace changebank::daemon
