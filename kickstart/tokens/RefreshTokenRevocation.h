#pragma once

#include <cstddef>
#include <cstdint>

#include "changebank/kickstart/directory/Directory.h"
#include "changebank/kickstart/directory/RefreshTokens.h"

namespace changebank::kickstart {

/// Takes the selected refresh tokens out of the state at `now`, in milliseconds since the epoch. Returns how
/// many were alive.
std::size_t revokeRefreshTokens(DirectoryState& state, const RefreshTokenSelection& selection,
                                std::int64_t now);

}  // namespace changebank::kickstart
