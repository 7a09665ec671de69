#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace changebank {

/// The fields `tracestate` of a request, as one list (W3C Trace Context, section 3.3). It is only handed on.
/// What is not well-formed, has a key twice, or more than maxMembers members or maxSize bytes counts as
/// nothing at all: nobody can tell which part of it would still be right.
class TraceState {
public:
    static constexpr std::size_t maxMembers = 32;
    /// The size that everybody should hand on (section 3.3.1.5).
    static constexpr std::size_t maxSize = 512;

    /// Adds the members of one field, which follow those of the fields before it.
    void add(std::string_view value);

    /// The members, separated by commas; empty if there are none or they are invalid.
    const std::string& text() const noexcept { return _text; }

private:
    bool isTaken(std::string_view key) const noexcept;
    void spoil() noexcept;

    std::string _text;
    std::size_t _members = 0;
    bool _isInvalid = false;
};

}  // namespace changebank
