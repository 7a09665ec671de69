#pragma once

#include <algorithm>
#include <optional>

#include "changebank/daemon/http/loop/ConnectionCounters.h"
#include "changebank/daemon/http/loop/DeadlineQueue.h"
#include "changebank/daemon/http/loop/ServerLimits.h"

namespace changebank::http {

/// The deadlines of one event loop's connections, a queue for each phase that has one.
struct PhaseDeadlines {
    explicit PhaseDeadlines(const ServerLimits& limits)
        : head(limits.headerTimeout),
          body(limits.bodyTimeout),
          write(limits.writeTimeout),
          idle(limits.idleTimeout),
          linger(limits.lingerTimeout),
          grace(limits.drainGrace) {}

    /// Applies other spans, also to the deadlines that are set.
    void setLimits(const ServerLimits& limits) {
        head.setSpan(limits.headerTimeout);
        body.setSpan(limits.bodyTimeout);
        write.setSpan(limits.writeTimeout);
        idle.setSpan(limits.idleTimeout);
        linger.setSpan(limits.lingerTimeout);
        grace.setSpan(limits.drainGrace);
    }

    /// The queue for a state; nullptr for Handling, whose end is the handler's affair.
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
                break;
        }
        return nullptr;
    }

    DeadlineQueue::Entry* takeDue(DeadlineQueue::Time now) {
        for (auto* queue : {&head, &body, &write, &idle, &linger, &grace}) {
            if (auto* entry = queue->takeDue(now); entry != nullptr) return entry;
        }
        return nullptr;
    }

    std::optional<DeadlineQueue::Time> next() const {
        std::optional<DeadlineQueue::Time> first;
        for (const auto* queue : {&head, &body, &write, &idle, &linger, &grace}) {
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
};

}  // namespace changebank::http
