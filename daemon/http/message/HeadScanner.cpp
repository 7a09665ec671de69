#include "changebank/daemon/http/message/HeadScanner.h"

#include <algorithm>

namespace changebank::http {

namespace {

bool canBeginMethod(char c) {
    return c > ' ' && c < '\x7f';
}

}  // namespace

HeadScanner::Result HeadScanner::scan(std::string_view input) {
    while (_position < input.size()) {
        if (_lineStart == _start && !canBeginMethod(input[_start]) && input[_start] != '\r')
            return Result::Malformed;

        const auto newline = std::min(input.find('\n', _position), input.size());
        const auto carriageReturn = std::min(input.substr(0, newline).find('\r', _position), newline);
        if (newline == input.size()) {
            // A CR that is the last byte so far may still become a line end.
            if (carriageReturn + 1 < newline) return Result::Malformed;
            _position = carriageReturn;
            return Result::Incomplete;
        }
        if (carriageReturn + 1 != newline) return Result::Malformed;

        const auto line = input.substr(_lineStart, carriageReturn - _lineStart);
        if (const auto result = endLine(line, newline + 1); result != Result::Incomplete) return result;
    }
    return Result::Incomplete;
}

HeadScanner::Result HeadScanner::endLine(std::string_view line, std::size_t next) {
    const bool isRequestLine = _lineStart == _start;
    _lineStart = next;
    _position = next;
    if (line.empty()) {
        if (!isRequestLine) return Result::Complete;
        if (_start != 0) return Result::Malformed;
        _start = next;
        return Result::Incomplete;
    }
    if (line.front() == ' ' || line.front() == '\t') return Result::Malformed;
    if (isRequestLine) _requestLineEnd = next;
    return Result::Incomplete;
}

}  // namespace changebank::http
