#include "changebank/kickstart/webhooks/WebhookCourier.h"

#include <utility>

#include "changebank/base/text/JsonText.h"

namespace changebank::kickstart {

WebhookCourier::WebhookCourier(Report report, Pauses pauses)
    : _report(std::move(report)),
      _pauses(std::move(pauses)),
      _worker([this](const std::stop_token& stopping) { work(stopping); }) {}

WebhookCourier::~WebhookCourier() {
    _worker.request_stop();
    _worker.join();
    if (_queue.empty()) return;
    _report("webhook " + quoteJson(_queue.front().webhook.url) + ": " + std::to_string(_queue.size()) +
            " events were not delivered before the end");
}

void WebhookCourier::send(WebhookDelivery delivery) {
    const std::lock_guard lock(_mutex);
    if (_queue.size() < capacity) {
        _queue.push_back(std::move(delivery));
        _changed.notify_one();
    } else {
        _report(delivery.toText() + ": dropped: the queue is full");
    }
}

void WebhookCourier::work(const std::stop_token& stopping) {
    std::unique_lock lock(_mutex);
    while (_changed.wait(lock, stopping, [this] { return !_queue.empty(); }) && !stopping.stop_requested()) {
        const auto next = std::move(_queue.front());
        _queue.pop_front();
        lock.unlock();
        deliver(next, stopping);
        lock.lock();
    }
}

void WebhookCourier::deliver(const WebhookDelivery& delivery, const std::stop_token& stopping) {
    for (const auto& duration : _pauses) {
        const auto failure = delivery.send(_client, stopping);
        if (!failure) return;
        if (stopping.stop_requested()) return _report(delivery.toText() + ": " + *failure + "; giving up");
        _report(delivery.toText() + ": " + *failure + "; retrying in " + std::to_string(duration.count()) +
                " ms");
        pause(duration, stopping);
    }
    if (const auto failure = delivery.send(_client, stopping))
        _report(delivery.toText() + ": " + *failure + "; giving up");
}

void WebhookCourier::pause(std::chrono::milliseconds duration, const std::stop_token& stopping) {
    std::unique_lock lock(_mutex);
    _changed.wait_for(lock, stopping, duration, [] { return false; });
}

}  // namespace changebank::kickstart
