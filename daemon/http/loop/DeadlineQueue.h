#pragma once

#include <chrono>
#include <optional>

#include "changebank/base/system/Clock.h"

namespace changebank::http {

/// Deadlines that all lie equally far ahead when they are set, and so fall due in the order in which they
/// were set: a list does for them what would else take a heap. Setting, dropping and moving one costs a few
/// pointers, and one that rests costs nothing. For one thread. Entries are owned by their users and leave the
/// list when destroyed.
class DeadlineQueue {
public:
    using Time = Clock::Monotonic;

    /// What can have a deadline, in at most one queue at a time.
    class Entry {
    public:
        Entry() = default;
        Entry(const Entry&) = delete;
        Entry& operator=(const Entry&) = delete;
        ~Entry() { disarm(); }

        /// Leaves its queue, if it is in one.
        void disarm();
        /// The queue that it is in; nullptr for none.
        const DeadlineQueue* queue() const { return _queue; }

    private:
        friend class DeadlineQueue;
        DeadlineQueue* _queue = nullptr;
        Entry* _before = nullptr;
        Entry* _behind = nullptr;
        Time _due{};
    };

    explicit DeadlineQueue(std::chrono::milliseconds span) : _span(span) {}
    DeadlineQueue(const DeadlineQueue&) = delete;
    DeadlineQueue& operator=(const DeadlineQueue&) = delete;

    /// Sets how far ahead deadlines lie, also those that are set already.
    void setSpan(std::chrono::milliseconds span);

    /// Takes the entry out of the queue that it is in, if any, and sets its deadline to `now` plus this
    /// queue's span.
    void arm(Entry& entry, Time now);

    /// Takes out an entry whose deadline has come; nullptr if there is none.
    Entry* takeDue(Time now);

    /// When the next deadline comes.
    std::optional<Time> next() const;

private:
    std::chrono::milliseconds _span;
    Entry* _first = nullptr;
    Entry* _last = nullptr;
};

}  // namespace changebank::http
