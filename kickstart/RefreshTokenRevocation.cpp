#include "kickstart/RefreshTokenRevocation.h"

namespace changebank::kickstart {

std::size_t revokeRefreshTokens(DirectoryState& state, const RefreshTokenSelection& selection,
                                std::int64_t now) {
    const auto selected = state.refreshTokens.select(selection, now);
    for (const auto& token : selected) {
        state.refreshTokens.erase(token.id);
    }
    return selected.size();
}

}  // namespace changebank::kickstart
