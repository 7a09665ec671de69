#include "changebank/daemon/http/socket/HandshakeScanner.h"

#include <algorithm>

namespace changebank::http {

namespace {

constexpr unsigned char handshakeRecord = 22;

}  // namespace

template <std::size_t size>
void HandshakeScanner::Header<size>::take(std::string_view& input) {
    const auto part = input.substr(0, size - length);
    std::copy(part.begin(), part.end(), bytes.begin() + static_cast<std::ptrdiff_t>(length));
    length += part.size();
    input.remove_prefix(part.size());
}

bool HandshakeScanner::scan(std::string_view bytes) {
    while (!bytes.empty()) {
        if (_recordLeft == 0) {
            _record.take(bytes);
            if (!_record.isComplete()) return true;
            _recordLeft = std::size_t{_record.bytes[3]} << 8U | _record.bytes[4];
            _record.length = 0;
        }
        const auto fragment = bytes.substr(0, _recordLeft);
        _recordLeft -= fragment.size();
        bytes.remove_prefix(fragment.size());
        if (_record.bytes[0] == handshakeRecord && !scanMessages(fragment)) return false;
    }
    return true;
}

bool HandshakeScanner::scanMessages(std::string_view fragment) {
    while (!fragment.empty()) {
        if (_messageLeft == 0) {
            _message.take(fragment);
            if (!_message.isComplete()) return true;
            _messageLeft = std::size_t{_message.bytes[1]} << 16U | std::size_t{_message.bytes[2]} << 8U |
                           _message.bytes[3];
            _message.length = 0;
            if (_messageLeft > _maxMessage) return false;
        }
        const auto part = std::min(fragment.size(), _messageLeft);
        _messageLeft -= part;
        fragment.remove_prefix(part);
    }
    return true;
}

}  // namespace changebank::http
