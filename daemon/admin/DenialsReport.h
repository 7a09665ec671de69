#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "changebank/daemon/logging/RecentDenials.h"
#include "changebank/daemon/settings/values/SettingType.h"

namespace changebank::daemon {

/// What GET /denials asks for.
struct DenialsFilter {
    /// Those with a higher sequence number.
    std::uint64_t after = 0;
    /// The most that are listed.
    std::size_t limit = 100;

    /// Reads the query of the request; ignores parameters that it does not know.
    static std::variant<DenialsFilter, BadValue> parse(std::string_view query);
};

/// The body of the response to GET /denials: the time of the start, by which a client notices that sequence
/// numbers have started over, the number of the last denial, and the denials found, the oldest first. Members
/// of a denial that are not known are null.
std::string denialsReport(const RecentDenials::Found& found, std::chrono::system_clock::time_point startedAt);

}  // namespace changebank::daemon
