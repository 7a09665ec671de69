#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace changebank::http {

/// Takes chunked transfer coding off a request's body (RFC 9112 section 7.1), from input cut anywhere. Chunk
/// extensions are checked and ignored, trailers are checked and dropped (section 7.1.2 lets a recipient do
/// so).
///
/// Why not Boost.Beast's: it takes any byte inside a quoted extension value and folded trailers, and sets no
/// bound to either.
class ChunkedBody {
public:
    enum class Progress { More, Done, Malformed, BodyTooLarge, OverheadTooLarge };

    /// `maxOverhead` bounds the bytes of all size lines and trailers beyond the sizes' own digits.
    ChunkedBody(std::size_t maxBody, std::size_t maxOverhead);

    /// Appends what `input` holds of the body and returns how many bytes of it were used: all of them while
    /// progress() is More, and none behind the end of the body.
    std::size_t decode(std::string_view input, std::string& body);

    Progress progress() const { return _progress; }

private:
    enum class Stage { Size, Data, DataEnd, Trailer };

    std::size_t takeLine(std::string_view input);
    void endLine(std::string_view line, const std::string& body);
    void beginChunk(std::string_view line, const std::string& body);
    void endTrailer(std::string_view line);
    void countOverhead(std::size_t bytes);

    std::size_t _maxBody;
    std::size_t _maxOverhead;
    std::size_t _overhead = 0;
    std::size_t _remaining = 0;
    std::string _line;
    Stage _stage = Stage::Size;
    Progress _progress = Progress::More;
};

}  // namespace changebank::http
