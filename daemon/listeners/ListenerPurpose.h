#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "changebank/daemon/settings/Settings.h"
#include "changebank/daemon/settings/values/ListenerAddress.h"

namespace changebank::daemon {

/// The purpose of a listener.
enum class ListenerPurpose : unsigned char { api, metrics, admin, revocation, decision };
inline constexpr std::array<ListenerPurpose, 5> listenerPurposes{
    ListenerPurpose::api, ListenerPurpose::metrics, ListenerPurpose::admin, ListenerPurpose::revocation,
    ListenerPurpose::decision};

/// The address of the listener for that purpose; std::nullopt if it is disabled.
std::optional<ListenerAddress> addressOf(ListenerPurpose purpose, const Settings& settings);

/// The setting to report if the address cannot be listened on.
std::string_view settingOf(ListenerPurpose purpose, const Settings& settings) noexcept;

/// "api", "metrics", "admin", "revocation" or "decision".
std::string_view nameOf(ListenerPurpose purpose) noexcept;

}  // namespace changebank::daemon
