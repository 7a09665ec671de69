#pragma once

#include <array>

#include "changebank/daemon/http/loop/ConnectionCounters.h"

namespace changebank::daemon {

/// The names of http::ConnectionState in reports and metrics, in its order.
inline constexpr std::array<const char*, http::connectionStates> connectionStateNames{
    "reading_head", "reading_body", "handling", "suspended", "writing", "idle", "closing"};

}  // namespace changebank::daemon
