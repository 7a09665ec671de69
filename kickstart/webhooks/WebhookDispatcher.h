#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "changebank/kickstart/directory/Directory.h"
#include "changebank/kickstart/directory/Event.h"
#include "changebank/kickstart/directory/Webhook.h"
#include "changebank/kickstart/keys/SigningKey.h"

namespace changebank::kickstart {

/// Tells webhooks of events, in their order, on a thread of its own, so that nobody waits for a webhook. An
/// event is tried several times. Events beyond the capacity are dropped, and so is what is left at the end;
/// both are reported.
class WebhookDispatcher {
public:
    /// How many events may wait.
    static constexpr std::size_t capacity = 1000;
    /// How often an event is tried in all, as FusionAuth does.
    static constexpr unsigned attempts = 4;

    /// Gets one line for each failed attempt and each dropped event; called by any thread.
    using Report = std::function<void(const std::string& line)>;

    explicit WebhookDispatcher(Report report);
    /// Waits for the attempt that is under way.
    ~WebhookDispatcher();
    WebhookDispatcher(const WebhookDispatcher&) = delete;
    WebhookDispatcher& operator=(const WebhookDispatcher&) = delete;

    /// Takes the events that the tenant's eventConfiguration and a webhook's eventsEnabled both name. Never
    /// waits. An observer of the directory; see Directory::observe().
    void announce(const DirectoryState& state, const std::vector<Event>& events);

private:
    /// Everything that is needed to tell it, copied out of the directory.
    struct Delivery {
        Webhook webhook;
        Event event;
        /// Signs the header X-FusionAuth-Signature-JWT; none for a request without it.
        std::shared_ptr<const SigningKey> signingKey;

        /// For reports.
        std::string toText() const;
        /// Throws Poco::Exception or std::exception unless it is answered with a status of 200 to 299.
        void send() const;
    };

    void work(const std::stop_token& stopping);
    void deliver(const Delivery& delivery, const std::stop_token& stopping);

    Report _report;
    std::mutex _mutex;
    std::condition_variable_any _changed;
    std::deque<Delivery> _queue;
    std::jthread _worker;
};

}  // namespace changebank::kickstart
