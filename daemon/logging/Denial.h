#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "changebank/base/text/Utf8.h"
#include "changebank/security/refusal/Cause.h"

namespace changebank::daemon {

/// A text in a place of fixed size. A longer one is cut between two characters and ends with three points.
template <std::size_t capacity>
class CutText {
public:
    void set(std::string_view text) noexcept {
        constexpr std::string_view points = "...";
        const bool isCut = text.size() > capacity;
        const auto kept = isCut ? utf8Prefix(text, capacity - points.size()) : text;
        // Not memcpy(), which takes no null pointer, not even for no bytes: an empty view may have one.
        kept.copy(_bytes.data(), kept.size());
        if (isCut) points.copy(_bytes.data() + kept.size(), points.size());
        _size = static_cast<std::uint16_t>(kept.size() + (isCut ? points.size() : 0));
    }
    std::string_view view() const noexcept { return {_bytes.data(), _size}; }

private:
    // Without initial values, so that memory for many of them stays untouched until it is used.
    std::uint16_t _size;
    std::array<char, capacity> _bytes;
};

/// One refused request. All text but the route may be the caller's: escape it. There is no place for a token,
/// a signature, a query or a key.
struct Denial {
    /// 1 for the first since the start of the process.
    std::uint64_t sequence;
    std::chrono::sys_time<std::chrono::milliseconds> time;
    security::Cause cause;
    CutText<16> method;
    CutText<160> path;
    CutText<80> route;
    CutText<64> requestId;
    /// 32 hexadecimal digits; empty if the request is in no trace.
    CutText<32> traceId;
    /// Of a caller whose token is verified; empty otherwise.
    CutText<80> subject;
    CutText<64> client;
    /// What the response names, such as a claim.
    CutText<48> parameter;
    CutText<160> expected;
    CutText<160> found;
};

}  // namespace changebank::daemon
