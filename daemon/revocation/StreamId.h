#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace changebank::daemon {

/// The id of an entry of a Redis stream, `MILLISECONDS-SEQUENCE`. Ids of a stream grow. `0-0` is before all.
struct StreamId {
    std::uint64_t milliseconds = 0;
    std::uint64_t sequence = 0;

    static std::optional<StreamId> parse(std::string_view text) noexcept;
    std::string toText() const;

    friend auto operator<=>(const StreamId&, const StreamId&) = default;
};

}  // namespace changebank::daemon
