#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "changebank/base/http/HttpClient.h"
#include "changebank/kickstart/webhooks/WebhookDelivery.h"

namespace changebank::kickstart {

/// Delivers the events of one webhook in order, on its own thread, with several attempts. Drops and reports
/// events beyond the capacity, and those that are left when it is destroyed.
class WebhookCourier {
public:
    /// Max length of the queue.
    static constexpr std::size_t capacity = 1000;

    /// The pauses between the attempts for one event, so there is one attempt more.
    using Pauses = std::vector<std::chrono::milliseconds>;

    /// Called with one line for each failed attempt and each dropped event, from any thread.
    using Report = std::function<void(const std::string& line)>;

    WebhookCourier(Report report, Pauses pauses);
    /// Ends the attempt or the pause in progress.
    ~WebhookCourier();
    WebhookCourier(const WebhookCourier&) = delete;
    WebhookCourier& operator=(const WebhookCourier&) = delete;

    /// Queues an event. Never waits for the webhook.
    void send(WebhookDelivery delivery);

private:
    void work(const std::stop_token& stopping);
    void deliver(const WebhookDelivery& delivery, const std::stop_token& stopping);
    /// Returns at once when the courier stops.
    void pause(std::chrono::milliseconds duration, const std::stop_token& stopping);

    const Report _report;
    const Pauses _pauses;
    HttpClient _client;
    std::mutex _mutex;
    std::condition_variable_any _changed;
    std::deque<WebhookDelivery> _queue;
    std::jthread _worker;
};

}  // namespace changebank::kickstart
