#include "changebank/daemon/revocation/WebhookCounters.h"

namespace changebank::daemon {

std::string_view nameOf(EventOutcome outcome) noexcept {
    static constexpr std::array<std::string_view, eventOutcomeCount> names{
        "kept",   "unchanged", "duplicate",   "ignored",          "unsigned",  "malformed",
        "future", "full",      "not_written", "keys_unavailable", "too_large", "unread",
    };
    return names[static_cast<std::size_t>(outcome)];
}

}  // namespace changebank::daemon
