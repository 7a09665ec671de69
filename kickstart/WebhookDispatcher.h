#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "kickstart/Directory.h"
#include "kickstart/Event.h"
#include "kickstart/WebhookRequest.h"

namespace changebank::kickstart {

/// Tells webhooks of events, in their order, on a thread of its own, so that nobody waits for a webhook. An
/// event is tried several times, the later times behind what has come in since. Events beyond the capacity
/// are dropped, and so is what is left at the end; both are reported.
class WebhookDispatcher {
public:
    struct Limits {
        /// How many events may wait.
        std::size_t capacity = 1000;
        /// How often an event is tried in all; above 0. FusionAuth tries as often.
        unsigned attempts = 4;
    };

    /// Gets one line for each failed attempt and each dropped event; called by any thread.
    using Report = std::function<void(const std::string& line)>;

    WebhookDispatcher(Report report, const Limits& limits);
    /// Waits for the attempt that is under way, as long as its time-out says.
    ~WebhookDispatcher();
    WebhookDispatcher(const WebhookDispatcher&) = delete;
    WebhookDispatcher& operator=(const WebhookDispatcher&) = delete;

    /// Takes the events that the tenant's eventConfiguration and a webhook's eventsEnabled both name. Never
    /// waits. An observer of the directory; see Directory::observe().
    void announce(const DirectoryState& state, const std::vector<Event>& events);

private:
    struct Pending {
        WebhookRequest request;
        unsigned attemptsLeft;
    };

    void work();
    void attempt(Pending pending);
    /// Whether there was room.
    bool put(Pending pending);

    Report _report;
    const Limits _limits;
    std::mutex _mutex;
    std::condition_variable _changed;
    std::deque<Pending> _queue;
    bool _stopping = false;
    std::thread _worker;
};

}  // namespace changebank::kickstart
