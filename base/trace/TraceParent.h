#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace changebank {

/// The value of the field `traceparent` (W3C Trace Context, section 3.2): which trace a request belongs to,
/// and the span that is its parent there. A value of 55 bytes, without memory of its own.
class TraceParent {
public:
    /// Hexadecimal digits of the ids, in lower case.
    static constexpr std::size_t traceIdSize = 32;
    static constexpr std::size_t spanIdSize = 16;

    /// Reads a field's value, strictly; std::nullopt for an invalid one: another length, capital letters, the
    /// version ff, an id that is all zeros. Of a version that is not known yet the four parts of version 00
    /// count, if they are as they would be there and nothing but a further part behind a hyphen follows
    /// (section 3.2.4).
    static std::optional<TraceParent> parse(std::string_view value) noexcept;

    /// Both ids must be valid and have their sizes.
    TraceParent(std::string_view traceId, std::string_view parentId, bool isSampled) noexcept;

    std::string_view traceId() const noexcept { return part(3, traceIdSize); }
    std::string_view parentId() const noexcept { return part(36, spanIdSize); }
    /// Whether the caller may have recorded its part (section 3.2.2.5.1).
    bool isSampled() const noexcept { return _text[54] == '1'; }

    /// The value in version 00, with no other flag than that one. Valid as long as this object.
    std::string_view text() const noexcept { return part(0, _text.size()); }

    friend bool operator==(const TraceParent&, const TraceParent&) = default;

private:
    std::string_view part(std::size_t begin, std::size_t size) const noexcept {
        return std::string_view(_text.data(), _text.size()).substr(begin, size);
    }

    std::array<char, 55> _text;
};

}  // namespace changebank
