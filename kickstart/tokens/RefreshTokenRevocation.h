#pragma once

#include <cstddef>
#include <cstdint>

#include "changebank/kickstart/directory/Directory.h"
#include "changebank/kickstart/directory/RefreshTokens.h"

namespace changebank::kickstart {

/// Deletes the selected refresh tokens at `now`, in milliseconds since the epoch, and publishes the events.
/// Returns how many were valid.
std::size_t revokeRefreshTokens(DirectoryState& state, const RefreshTokenSelection& selection,
                                std::int64_t now);

}  // namespace changebank::kickstart
