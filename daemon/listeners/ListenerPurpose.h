#pragma once

#include <Poco/Net/SocketAddress.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "changebank/daemon/settings/Settings.h"

namespace changebank::daemon {

/// The purpose of a listener.
enum class ListenerPurpose : unsigned char { api, metrics, admin };
inline constexpr std::array<ListenerPurpose, 3> listenerPurposes{
    ListenerPurpose::api, ListenerPurpose::metrics, ListenerPurpose::admin};

/// A listener's address in the settings: a host and a port, or a Unix socket.
struct ListenerAddress {
    /// Host name or address; the absolute path of a Unix socket.
    std::string host;
    /// std::nullopt: a Unix socket.
    std::optional<std::uint16_t> port;

    bool isUnix() const noexcept { return !port.has_value(); }

    /// `HOST:PORT` or the path.
    std::string toText() const;

    /// Resolves the host name. Throws Poco::Exception.
    Poco::Net::SocketAddress resolved() const;

    friend bool operator==(const ListenerAddress&, const ListenerAddress&) = default;
};

/// The address of the listener for that purpose; std::nullopt if it is disabled.
std::optional<ListenerAddress> addressOf(ListenerPurpose purpose, const Settings& settings);

/// The setting to report if the address cannot be listened on.
std::string_view settingOf(ListenerPurpose purpose) noexcept;

/// "api", "metrics" or "admin".
std::string_view nameOf(ListenerPurpose purpose) noexcept;

}  // namespace changebank::daemon
