#include "changebank/daemon/http/loop/DeadlineQueue.h"

namespace changebank::http {

void DeadlineQueue::Entry::disarm() {
    if (_queue == nullptr) return;
    (_before != nullptr ? _before->_behind : _queue->_first) = _behind;
    (_behind != nullptr ? _behind->_before : _queue->_last) = _before;
    _queue = nullptr;
    _before = nullptr;
    _behind = nullptr;
}

void DeadlineQueue::arm(Entry& entry, Time now) {
    entry.disarm();
    entry._queue = this;
    entry._due = now + _span;
    entry._before = _last;
    (_last != nullptr ? _last->_behind : _first) = &entry;
    _last = &entry;
}

void DeadlineQueue::setSpan(std::chrono::milliseconds span) {
    for (Entry* entry = _first; entry != nullptr; entry = entry->_behind)
        entry->_due += span - _span;
    _span = span;
}

DeadlineQueue::Entry* DeadlineQueue::takeDue(Time now) {
    if (_first == nullptr || _first->_due > now) return nullptr;
    Entry* entry = _first;
    entry->disarm();
    return entry;
}

std::optional<DeadlineQueue::Time> DeadlineQueue::next() const {
    if (_first == nullptr) return {};
    return _first->_due;
}

}  // namespace changebank::http
