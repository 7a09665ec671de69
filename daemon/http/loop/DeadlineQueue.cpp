#include "changebank/daemon/http/loop/DeadlineQueue.h"

namespace changebank::http {

void DeadlineQueue::Entry::disarm() {
    if (_queue == nullptr) return;
    (_previous != nullptr ? _previous->_next : _queue->_first) = _next;
    (_next != nullptr ? _next->_previous : _queue->_last) = _previous;
    _queue = nullptr;
    _previous = nullptr;
    _next = nullptr;
}

void DeadlineQueue::armUntil(Entry& entry, Time due) {
    entry.disarm();
    Entry* previous = _last;
    while (previous != nullptr && previous->_due > due)
        previous = previous->_previous;
    Entry* next = previous != nullptr ? previous->_next : _first;
    entry._queue = this;
    entry._due = due;
    entry._previous = previous;
    entry._next = next;
    (previous != nullptr ? previous->_next : _first) = &entry;
    (next != nullptr ? next->_previous : _last) = &entry;
}

void DeadlineQueue::setTimeout(std::chrono::milliseconds timeout) {
    for (Entry* entry = _first; entry != nullptr; entry = entry->_next)
        entry->_due += timeout - _timeout;
    _timeout = timeout;
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
