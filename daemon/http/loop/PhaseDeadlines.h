#pragma once

#include <algorithm>
#include <optional>

#include "changebank/daemon/http/loop/ConnectionCounters.h"
#include "changebank/daemon/http/loop/DeadlineQueue.h"
#include "changebank/daemon/http/loop/ServerLimits.h"

namespace changebank::http {

/// The deadlines of one event loop's connections: one queue per phase.
struct PhaseDeadlines {
    explicit PhaseDeadlines(const ServerLimits& limits)
        : head(limits.headerTimeout),
          body(limits.bodyTimeout),
          write(limits.writeTimeout),
          idle(limits.idleTimeout),
          linger(limits.lingerTimeout),
          grace(limits.drainGrace) {}

    /// Changes the timeouts, also of running deadlines.
    void setLimits(const ServerLimits& limits) {
        head.setTimeout(limits.headerTimeout);
        body.setTimeout(limits.bodyTimeout);
        write.setTimeout(limits.writeTimeout);
        idle.setTimeout(limits.idleTimeout);
        linger.setTimeout(limits.lingerTimeout);
        grace.setTimeout(limits.drainGrace);
    }

    /// The queue for a state; nullptr for Handling, which has no deadline, and for Suspended, whose deadline
    /// each handler sets.
    DeadlineQueue* of(ConnectionState state) {
        switch (state) {
            case ConnectionState::ReadingHead:
                return &head;
            case ConnectionState::ReadingBody:
                return &body;
            case ConnectionState::Writing:
                return &write;
            case ConnectionState::Idle:
                return &idle;
            case ConnectionState::Closing:
                return &linger;
            case ConnectionState::Handling:
            case ConnectionState::Suspended:
                break;
        }
        return nullptr;
    }

    DeadlineQueue::Entry* takeDue(DeadlineQueue::Time now) {
        for (auto* queue : {&head, &body, &write, &idle, &linger, &grace, &suspended}) {
            if (auto* entry = queue->takeDue(now); entry != nullptr) return entry;
        }
        return nullptr;
    }

    std::optional<DeadlineQueue::Time> next() const {
        std::optional<DeadlineQueue::Time> first;
        for (const auto* queue : {&head, &body, &write, &idle, &linger, &grace, &suspended}) {
            const auto due = queue->next();
            if (due && (!first || *due < *first)) first = due;
        }
        return first;
    }

    DeadlineQueue head;
    DeadlineQueue body;
    DeadlineQueue write;
    DeadlineQueue idle;
    DeadlineQueue linger;
    DeadlineQueue grace;
    DeadlineQueue suspended{std::chrono::milliseconds(0)};
};

}  // namespace changebank::http
