#pragma once

#include <cstddef>

namespace changebank::http {

/// Limits on the size of one request, for RequestParser.
struct RequestLimits {
    /// Bytes of a request's head, from the request line to the empty line. Beyond it: 431, or 414 if the
    /// request line alone is longer.
    std::size_t maxHeaderBytes = std::size_t{32} * 1024;
    /// Fields of a request's head. Beyond it: 431.
    std::size_t maxHeaderFields = 100;
    /// Bytes of a request's body, after decoding chunks. Beyond it: 413.
    std::size_t maxBodyBytes = std::size_t{64} * 1024;
    /// Total bytes of all chunk extensions and trailers of one request. Beyond it: 431.
    std::size_t maxChunkOverheadBytes = std::size_t{4} * 1024;

    friend bool operator==(const RequestLimits&, const RequestLimits&) = default;
};

}  // namespace changebank::http
