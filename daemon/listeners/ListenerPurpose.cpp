#include "changebank/daemon/listeners/ListenerAddress.h"

namespace changebank::daemon {

std::string ListenerAddress::toText() const {
    if (isUnix()) return host;
    const bool isIpv6 = host.find(':') != std::string::npos;
    return (isIpv6 ? "[" + host + "]" : host) + ":" + std::to_string(*port);
}

Poco::Net::SocketAddress ListenerAddress::resolved() const {
    if (isUnix()) return {Poco::Net::SocketAddress::UNIX_LOCAL, host};
    return {host, *port};
}

std::optional<ListenerAddress> addressOf(ListenerPurpose purpose, const Settings& settings) {
    switch (purpose) {
        case ListenerPurpose::api:
            return ListenerAddress{settings.server.host, settings.server.port};
        case ListenerPurpose::metrics:
            if (!settings.metrics.port) return std::nullopt;
            return ListenerAddress{settings.metrics.host, settings.metrics.port};
        case ListenerPurpose::admin:
            if (settings.admin.socket.empty()) return std::nullopt;
            return ListenerAddress{settings.admin.socket, std::nullopt};
    }
    return std::nullopt;
}

std::string_view settingOf(ListenerPurpose purpose) noexcept {
    constexpr std::array<std::string_view, 3> settings{"server.port", "metrics.port", "admin.socket"};
    return settings[static_cast<std::size_t>(purpose)];
}

std::string_view nameOf(ListenerPurpose purpose) noexcept {
    constexpr std::array<std::string_view, 3> names{"api", "metrics", "admin"};
    return names[static_cast<std::size_t>(purpose)];
}

}  // namespace changebank::daemon
