#include "changebank/daemon/http/loop/TurnOutput.h"

#include "changebank/daemon/http/loop/Connection.h"

namespace changebank::http {

void TurnOutput::postpone(Connection& connection) {
    if (fresh().empty()) return;
    _postponedEnd = _text.size();
    _postponed.push_back({&connection, _postponedEnd});
    if (_postponed.size() >= mostPostponed || _text.size() > mostKept) send();
}

void TurnOutput::send() {
    std::size_t begin = 0;
    for (const auto& [connection, end] : _postponed) {
        connection->sendPostponed(std::string_view(_text).substr(begin, end - begin));
        begin = end;
    }
    _postponed.clear();
    _text.erase(0, _postponedEnd);
    _postponedEnd = 0;
}

void TurnOutput::shrink() {
    if (_text.capacity() > mostKept) _text = std::string();
}

}  // namespace changebank::http
