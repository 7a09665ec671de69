#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace changebank::http {

/// Generates request ids: 16 hexadecimal digits, unique within an object and most likely between objects.
/// They identify log lines and are not secret. Makes the ids of traces and spans, too. For one thread.
class RequestIds {
public:
    RequestIds();

    /// Assigns the next id.
    void next(std::string& id);

    /// Ids of a trace and of a span, as W3C Trace Context has them: 32 and 16 hexadecimal digits, never all
    /// zero. That of a trace has 128 random bits behind it.
    std::array<char, 32> nextTraceId();
    std::array<char, 16> nextSpanId();

    /// Whether a client's id can be used: [A-Za-z0-9._-]{1,64}.
    static bool isWellFormed(std::string_view id);

private:
    std::uint64_t next();

    std::uint64_t _state;
    std::uint64_t _traceState;
};

}  // namespace changebank::http
