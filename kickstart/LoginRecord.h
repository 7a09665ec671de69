#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "kickstart/Directory.h"
#include "kickstart/User.h"
#include "kickstart/Uuid.h"

namespace changebank::kickstart {

/// Notes in the state that a user has logged in at `now`, in milliseconds since the epoch, and publishes the
/// event `user.login.success`. `type` is what tokens call `authenticationType`.
void recordLogin(DirectoryState& state, User& user, const std::optional<Uuid>& applicationId,
                 std::string_view type, std::int64_t now);

}  // namespace changebank::kickstart
