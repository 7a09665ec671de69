#include "changebank/daemon/http/message/ChunkedBody.h"

#include <algorithm>
#include <charconv>

#include "changebank/daemon/http/message/FieldSyntax.h"

namespace changebank::http {

namespace {

constexpr std::size_t maxSizeDigits = 16;

bool isBlank(char c) {
    return c == ' ' || c == '\t';
}

/// The characters of a line without its CRLF.
bool isText(char c) {
    return isFieldValue({&c, 1});
}

void skipBlanks(std::string_view& text) {
    while (!text.empty() && isBlank(text.front()))
        text.remove_prefix(1);
}

/// Removes a token from the front; false if there is none.
bool takeToken(std::string_view& text) {
    std::size_t length = 0;
    while (length < text.size() && isToken(text.substr(length, 1)))
        ++length;
    text.remove_prefix(length);
    return length > 0;
}

/// Removes a quoted-string from the front, which begins with the quote; false if it is not terminated.
bool takeQuotedString(std::string_view& text) {
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '"') {
            text.remove_prefix(i + 1);
            return true;
        }
        if (text[i] == '\\') ++i;
    }
    return false;
}

/// chunk-ext of RFC 9112 section 7.1.1: *( BWS ";" BWS name [ BWS "=" BWS ( token / quoted-string ) ] )
bool areExtensions(std::string_view text) {
    while (!text.empty()) {
        skipBlanks(text);
        if (text.empty() || text.front() != ';') return false;
        text.remove_prefix(1);
        skipBlanks(text);
        if (!takeToken(text)) return false;

        auto value = text;
        skipBlanks(value);
        if (value.empty() || value.front() != '=') continue;
        value.remove_prefix(1);
        skipBlanks(value);
        const bool quoted = !value.empty() && value.front() == '"';
        if (!(quoted ? takeQuotedString(value) : takeToken(value))) return false;
        text = value;
    }
    return true;
}

}  // namespace

ChunkedBody::ChunkedBody(std::size_t maxBody, std::size_t maxOverhead)
    : _maxBody(maxBody), _maxOverhead(maxOverhead) {}

std::size_t ChunkedBody::decode(std::string_view input, std::string& body) {
    std::size_t used = 0;
    while (used < input.size() && _progress == Progress::More) {
        if (_stage == Stage::Data) {
            const auto data = input.substr(used, _remaining);
            body.append(data);
            used += data.size();
            _remaining -= data.size();
            if (_remaining == 0) _stage = Stage::DataEnd;
            continue;
        }
        used += takeLine(input.substr(used));
        if (_progress != Progress::More || _line.empty() || _line.back() != '\n') continue;
        endLine(std::string_view(_line).substr(0, _line.size() - 2), body);
        _line.clear();
    }
    return used;
}

std::size_t ChunkedBody::takeLine(std::string_view input) {
    std::size_t used = 0;
    while (used < input.size()) {
        const char c = input[used++];
        const bool afterReturn = !_line.empty() && _line.back() == '\r';
        if ((c == '\n') != afterReturn || !(isText(c) || c == '\r' || c == '\n')) {
            _progress = Progress::Malformed;
            return used;
        }
        if (_stage == Stage::DataEnd && isText(c)) {
            _progress = Progress::Malformed;
            return used;
        }
        _line.push_back(c);
        if (c == '\n') return used;
        if (_line.size() > maxSizeDigits + _maxOverhead) {
            _progress = Progress::OverheadTooLarge;
            return used;
        }
    }
    return used;
}

void ChunkedBody::endLine(std::string_view line, const std::string& body) {
    switch (_stage) {
        case Stage::Size:
            beginChunk(line, body);
            break;
        case Stage::Trailer:
            endTrailer(line);
            break;
        case Stage::DataEnd:
            _stage = Stage::Size;
            break;
        case Stage::Data:
            break;
    }
}

void ChunkedBody::beginChunk(std::string_view line, const std::string& body) {
    std::uint64_t size = 0;
    const auto* end = std::from_chars(line.data(), line.data() + line.size(), size, 16).ptr;
    const auto digits = static_cast<std::size_t>(end - line.data());
    const auto extensions = line.substr(digits);
    if (digits == 0 || digits > maxSizeDigits || !areExtensions(extensions)) {
        _progress = Progress::Malformed;
        return;
    }
    countOverhead(extensions.size());
    if (_progress != Progress::More) return;
    if (size == 0) {
        _stage = Stage::Trailer;
    } else if (size > _maxBody - std::min(_maxBody, body.size())) {
        _progress = Progress::BodyTooLarge;
    } else {
        _remaining = static_cast<std::size_t>(size);
        _stage = Stage::Data;
    }
}

void ChunkedBody::endTrailer(std::string_view line) {
    if (line.empty()) {
        _progress = Progress::Done;
        return;
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !isToken(line.substr(0, colon))) {
        _progress = Progress::Malformed;
        return;
    }
    countOverhead(line.size());
}

void ChunkedBody::countOverhead(std::size_t bytes) {
    _overhead += bytes;
    if (_overhead > _maxOverhead) _progress = Progress::OverheadTooLarge;
}

}  // namespace changebank::http
