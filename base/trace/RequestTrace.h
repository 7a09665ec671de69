#pragma once

#include <string_view>

#include "changebank/base/system/Clock.h"

namespace changebank {

/// What happened to a traced request, and when. The views are valid as long as the request.
struct RequestTrace {
    /// The span of the caller; empty if the trace begins here.
    std::string_view parentId{};
    /// Whether the trace is sampled: as the caller says, else by TraceSampling.
    bool isSampled = false;
    /// Whether the connection has TLS.
    bool isSecure = false;
    /// Whether a guard judged the request.
    bool isGuarded = false;
    /// The first byte, and the response that is ready to be sent.
    Clock::Monotonic begun{};
    Clock::Monotonic ended{};
    /// The choice of the handler, in which the guard judges, with all waiting; both the epoch if there was
    /// none.
    Clock::Monotonic choosing{};
    Clock::Monotonic chosen{};
    /// The run of the handler, on its thread; both the epoch if there was none.
    Clock::Monotonic handling{};
    Clock::Monotonic handled{};
};

}  // namespace changebank
