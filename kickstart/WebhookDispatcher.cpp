#include "kickstart/WebhookDispatcher.h"

#include "security/Json.h"

namespace changebank::kickstart {

namespace {

std::string describe(const WebhookRequest& request) {
    return "webhook " + security::quoteJson(request.url) + ": event " +
           security::quoteJson(request.event.type) + " " + request.event.id.toText();
}

}  // namespace

WebhookDispatcher::WebhookDispatcher(Report report, const Limits& limits)
    : _report(std::move(report)), _limits(limits), _worker([this] { work(); }) {}

WebhookDispatcher::~WebhookDispatcher() {
    std::size_t left = 0;
    {
        const std::lock_guard lock(_mutex);
        _stopping = true;
        left = _queue.size();
    }
    _changed.notify_all();
    _worker.join();
    if (left > 0) _report(std::to_string(left) + " events were not told to their webhooks before the end");
}

void WebhookDispatcher::announce(const DirectoryState& state, const std::vector<Event>& events) {
    for (const auto& event : events) {
        const auto tenant = state.tenants.find(event.tenantId);
        if (tenant == state.tenants.end() || !tenant->second.enabledEvents.contains(event.type)) continue;
        for (const auto& [id, webhook] : state.webhooks) {
            if (!webhook.wants(event.type, event.tenantId)) continue;
            auto request = WebhookRequest::of(state, webhook, event);
            const auto what = describe(request);
            if (!put({std::move(request), _limits.attempts}))
                _report(what + ": dropped, too many are waiting");
        }
    }
}

bool WebhookDispatcher::put(Pending pending) {
    {
        const std::lock_guard lock(_mutex);
        if (_queue.size() >= _limits.capacity) return false;
        _queue.push_back(std::move(pending));
    }
    _changed.notify_one();
    return true;
}

void WebhookDispatcher::work() {
    std::unique_lock lock(_mutex);
    while (true) {
        _changed.wait(lock, [this] { return _stopping || !_queue.empty(); });
        if (_stopping) return;
        auto next = std::move(_queue.front());
        _queue.pop_front();
        lock.unlock();
        attempt(std::move(next));
        lock.lock();
    }
}

void WebhookDispatcher::attempt(Pending pending) {
    const auto failure = pending.request.send();
    if (!failure) return;
    const auto what = describe(pending.request);
    --pending.attemptsLeft;
    const bool again = pending.attemptsLeft > 0 && put(std::move(pending));
    _report(what + ": " + *failure + (again ? "; tried again" : "; given up"));
}

}  // namespace changebank::kickstart
