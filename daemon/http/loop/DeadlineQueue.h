#pragma once

#include <chrono>
#include <optional>

#include "changebank/base/system/Clock.h"

namespace changebank::http {

/// FIFO timer: all entries share one timeout, or nearly, so they expire in insertion order and an intrusive
/// linked list replaces a heap. For one thread. Entries are owned by their users and leave the list when
/// destroyed.
class DeadlineQueue {
public:
    using Time = Clock::Monotonic;

    /// An object with a deadline, in at most one queue at a time.
    class Entry {
    public:
        Entry() = default;
        Entry(const Entry&) = delete;
        Entry& operator=(const Entry&) = delete;
        ~Entry() { disarm(); }

        /// Leaves its queue, if any.
        void disarm();
        /// The current queue, or nullptr.
        const DeadlineQueue* queue() const { return _queue; }

    private:
        friend class DeadlineQueue;
        DeadlineQueue* _queue = nullptr;
        Entry* _previous = nullptr;
        Entry* _next = nullptr;
        Time _due{};
    };

    explicit DeadlineQueue(std::chrono::milliseconds timeout) : _timeout(timeout) {}
    DeadlineQueue(const DeadlineQueue&) = delete;
    DeadlineQueue& operator=(const DeadlineQueue&) = delete;

    /// Changes the timeout, also of entries in the queue.
    void setTimeout(std::chrono::milliseconds timeout);

    /// Moves the entry from its queue, if any, into this one, with the deadline `now` plus the timeout.
    void arm(Entry& entry, Time now) { armUntil(entry, now + _timeout); }

    /// The same with a deadline of its own, which should not be much earlier than the last one: finding its
    /// place takes a step for each later entry.
    void armUntil(Entry& entry, Time due);

    /// Removes and returns an expired entry; nullptr if there is none.
    Entry* takeDue(Time now);

    /// The entry with the next deadline; nullptr if there is none.
    Entry* first() const { return _first; }

    /// The next deadline.
    std::optional<Time> next() const;

private:
    std::chrono::milliseconds _timeout;
    Entry* _first = nullptr;
    Entry* _last = nullptr;
};

}  // namespace changebank::http
