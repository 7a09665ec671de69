#pragma once

#include <cstddef>
#include <string_view>

namespace changebank::http {

/// Finds the end of a request head incrementally. Malformed are: a line that does not end in CRLF, a CR
/// elsewhere, a folded line (RFC 9112 sections 2.2 and 5.2), a first byte that cannot begin a method. One
/// empty line before the request line is skipped (section 2.2).
class HeadScanner {
public:
    enum class Result { Incomplete, Complete, Malformed };

    /// `input` begins with the bytes of the previous call and may have more. Do not call again after Complete
    /// or Malformed.
    Result scan(std::string_view input);

    /// Start of the request line.
    std::size_t start() const { return _start; }
    /// End of the empty line that ends the head; valid after Complete.
    std::size_t end() const { return _lineStart; }
    /// Whether the request line is complete.
    bool hasRequestLine() const { return _requestLineEnd != 0; }
    /// End of the request line; valid if hasRequestLine().
    std::size_t requestLineEnd() const { return _requestLineEnd; }

private:
    Result endLine(std::string_view line, std::size_t next);

    std::size_t _start = 0;
    std::size_t _requestLineEnd = 0;
    std::size_t _lineStart = 0;
    std::size_t _position = 0;
};

}  // namespace changebank::http
