#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "changebank/base/http/HttpClient.h"
#include "changebank/kickstart/directory/Directory.h"
#include "changebank/kickstart/directory/Event.h"
#include "changebank/kickstart/directory/Webhook.h"
#include "changebank/kickstart/keys/SigningKey.h"

namespace changebank::kickstart {

/// Delivers events to webhooks in order, on its own thread, with several attempts. Drops and reports events
/// beyond the capacity, and those that are left when it is destroyed.
class WebhookDispatcher {
public:
    /// Max length of the queue.
    static constexpr std::size_t capacity = 1000;
    /// Max number of attempts for one event, as in FusionAuth.
    static constexpr unsigned attempts = 4;

    /// Called with one line for each failed attempt and each dropped event, from any thread.
    using Report = std::function<void(const std::string& line)>;

    explicit WebhookDispatcher(Report report);
    /// Ends the attempt in progress.
    ~WebhookDispatcher();
    WebhookDispatcher(const WebhookDispatcher&) = delete;
    WebhookDispatcher& operator=(const WebhookDispatcher&) = delete;

    /// Queues the events that both the tenant's eventConfiguration and a webhook's eventsEnabled name. Never
    /// blocks. An observer of the directory; see Directory::observe().
    void announce(const DirectoryState& state, const std::vector<Event>& events);

private:
    /// Everything needed to send an event, copied from the directory.
    struct Delivery {
        Webhook webhook;
        Event event;
        /// Signs the header X-FusionAuth-Signature-JWT; nullptr for a request without it.
        std::shared_ptr<const SigningKey> signingKey;

        /// For reports.
        std::string toText() const;
        /// Returns why it failed, unless the response has a status from 200 to 299.
        std::optional<std::string> send(const HttpClient& client, const std::stop_token& stopping) const;
    };

    void work(const std::stop_token& stopping);
    void deliver(const Delivery& delivery, const std::stop_token& stopping);

    Report _report;
    HttpClient _client;
    std::mutex _mutex;
    std::condition_variable_any _changed;
    std::deque<Delivery> _queue;
    std::jthread _worker;
};

}  // namespace changebank::kickstart
