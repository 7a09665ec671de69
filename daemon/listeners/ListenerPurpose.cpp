#include "changebank/daemon/listeners/ListenerPurpose.h"

namespace changebank::daemon {

std::optional<ListenerAddress> addressOf(ListenerPurpose purpose, const Settings& settings) {
    switch (purpose) {
        case ListenerPurpose::api:
            if (!settings.server.socket.empty()) return ListenerAddress{settings.server.socket, std::nullopt};
            return ListenerAddress{settings.server.host, settings.server.port};
        case ListenerPurpose::metrics:
            if (!settings.metrics.port) return std::nullopt;
            return ListenerAddress{settings.metrics.host, settings.metrics.port};
        case ListenerPurpose::admin:
            if (settings.admin.socket.empty()) return std::nullopt;
            return ListenerAddress{settings.admin.socket, std::nullopt};
        case ListenerPurpose::revocation:
            return settings.revocation.listen;
        case ListenerPurpose::decision:
            return settings.decision.listen;
    }
    return std::nullopt;
}

std::string_view settingOf(ListenerPurpose purpose, const Settings& settings) noexcept {
    if (purpose == ListenerPurpose::api && !settings.server.socket.empty()) return "server.socket";
    constexpr std::array<std::string_view, 5> keys{"server.port", "metrics.port", "admin.socket",
                                                   "revocation.listen", "decision.listen"};
    return keys[static_cast<std::size_t>(purpose)];
}

std::string_view nameOf(ListenerPurpose purpose) noexcept {
    constexpr std::array<std::string_view, 5> names{"api", "metrics", "admin", "revocation", "decision"};
    return names[static_cast<std::size_t>(purpose)];
}

}  // namespace changebank::daemon
