#pragma once

#include <Poco/Net/SocketAddress.h>

#include <chrono>
#include <string_view>

#include "changebank/base/handler/AccessObserver.h"
#include "changebank/base/trace/RequestTrace.h"

namespace changebank::daemon {

/// The record of a request that a guard passed: first byte at 10 s of the monotonic clock, end 10 ms later.
struct TracedRecord {
    AccessRecord record() const {
        return {"GET",  path,  status,  321,    std::chrono::milliseconds(10),      "id-1",
                client, "/me", "sub-1", denial, "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7",
                &trace};
    }

    static Clock::Monotonic at(int milliseconds) {
        return Clock::Monotonic(std::chrono::seconds(10) + std::chrono::milliseconds(milliseconds));
    }

    Poco::Net::SocketAddress client{"192.0.2.1", 4711};
    std::string_view path = "/me";
    int status = 200;
    std::string_view denial{};
    RequestTrace trace{.parentId = "b7ad6b7169203331",
                       .isSampled = true,
                       .isGuarded = true,
                       .begun = at(0),
                       .ended = at(10),
                       .choosing = at(1),
                       .chosen = at(4),
                       .handling = at(5),
                       .handled = at(9)};
};

}  // namespace changebank::daemon
