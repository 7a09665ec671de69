#pragma once

#include <cstddef>
#include <string_view>

namespace changebank::http {

/// Finds the end of a request's head in bytes as they come, and refuses at once what no strict reader may
/// repair: a line that does not end in CRLF, a CR elsewhere, a folded line (RFC 9112 sections 2.2 and 5.2), a
/// first byte that begins no method. One empty line before the request line is passed over (section 2.2).
class HeadScanner {
public:
    enum class Result { Incomplete, Complete, Malformed };

    /// `input` begins with the same bytes as in the call before, and may have more. After Complete or
    /// Malformed do not call again.
    Result scan(std::string_view input);

    /// Where the request line begins.
    std::size_t start() const { return _start; }
    /// Behind the empty line that ends the head; known after Complete.
    std::size_t end() const { return _lineStart; }
    /// Whether the request line was seen to its end.
    bool hasRequestLine() const { return _requestLineEnd != 0; }
    /// Behind the request line; known if hasRequestLine().
    std::size_t requestLineEnd() const { return _requestLineEnd; }

private:
    Result endLine(std::string_view line, std::size_t next);

    std::size_t _start = 0;
    std::size_t _requestLineEnd = 0;
    std::size_t _lineStart = 0;
    std::size_t _position = 0;
};

}  // namespace changebank::http
