#include "changebank/daemon/http/loop/OutputBuffer.h"

namespace changebank::http {

void OutputBuffer::postpone(Connection& connection) {
    if (fresh().empty()) return;
    _postponed.push_back({&connection, _postponedEnd, _text.size()});
    _postponedEnd = _text.size();
}

std::string_view OutputBuffer::bytesOf(const Postponed& responses) const {
    return std::string_view(_text).substr(responses.begin, responses.end - responses.begin);
}

void OutputBuffer::dropPostponed() {
    _postponed.clear();
    _text.erase(0, _postponedEnd);
    _postponedEnd = 0;
}

void OutputBuffer::shrink() {
    if (_text.capacity() > maxBytes) _text = std::string();
}

}  // namespace changebank::http
