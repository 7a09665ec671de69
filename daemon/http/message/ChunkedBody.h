#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace changebank::http {

/// Incremental decoder of the chunked transfer coding (RFC 9112 section 7.1). Chunk extensions are checked
/// and ignored, trailers are checked and dropped (section 7.1.2 permits it).
///
/// Replaces Boost.Beast's, which accepts any byte inside a quoted extension value and folded trailers, and
/// limits neither.
class ChunkedBody {
public:
    enum class Progress { More, Done, Malformed, BodyTooLarge, OverheadTooLarge };

    /// `maxOverhead` limits the bytes of all size lines and trailers, without the digits of the sizes.
    ChunkedBody(std::size_t maxBody, std::size_t maxOverhead);

    /// Appends decoded bytes to `body` and returns how many bytes of `input` were used: all while progress()
    /// is More, and none after the end of the body.
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
