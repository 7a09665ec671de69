#include "changebank/kickstart/webhooks/WebhookDispatcher.h"

#include <chrono>

#include "changebank/base/text/JsonText.h"
#include "changebank/kickstart/values/Base64.h"
#include "changebank/kickstart/values/Digest.h"

namespace changebank::kickstart {

WebhookDispatcher::WebhookDispatcher(Report report)
    : _report(std::move(report)), _worker([this](const std::stop_token& stopping) { work(stopping); }) {}

WebhookDispatcher::~WebhookDispatcher() {
    _worker.request_stop();
    _worker.join();
    if (!_queue.empty()) _report(std::to_string(_queue.size()) + " events were not delivered before the end");
}

void WebhookDispatcher::announce(const DirectoryState& state, const std::vector<Event>& events) {
    const std::lock_guard lock(_mutex);
    for (const auto& event : events) {
        const auto tenant = state.tenants.find(event.tenantId);
        if (tenant == state.tenants.end() || !tenant->second.enabledEvents.contains(event.type)) continue;
        for (const auto& [id, webhook] : state.webhooks) {
            if (!webhook.wants(event.type, event.tenantId)) continue;
            const auto& keyId = webhook.signingKeyId;
            Delivery delivery{webhook, event, keyId ? state.keys.at(*keyId).key : nullptr};
            if (_queue.size() < capacity) {
                _queue.push_back(std::move(delivery));
            } else {
                _report(delivery.toText() + ": dropped: the queue is full");
            }
        }
    }
    _changed.notify_one();
}

void WebhookDispatcher::work(const std::stop_token& stopping) {
    std::unique_lock lock(_mutex);
    while (_changed.wait(lock, stopping, [this] { return !_queue.empty(); }) && !stopping.stop_requested()) {
        const auto next = std::move(_queue.front());
        _queue.pop_front();
        lock.unlock();
        deliver(next, stopping);
        lock.lock();
    }
}

void WebhookDispatcher::deliver(const Delivery& delivery, const std::stop_token& stopping) {
    for (unsigned attempt = 1; attempt <= attempts; ++attempt) {
        const auto failure = delivery.send(_client, stopping);
        if (!failure) return;
        const bool again = attempt < attempts && !stopping.stop_requested();
        _report(delivery.toText() + ": " + *failure + (again ? "; retrying" : "; giving up"));
        if (!again) return;
    }
}

std::string WebhookDispatcher::Delivery::toText() const {
    return "webhook " + quoteJson(webhook.url) + ": event " + quoteJson(event.type) + " " + event.id.toText();
}

std::optional<std::string> WebhookDispatcher::Delivery::send(const HttpClient& client,
                                                             const std::stop_token& stopping) const {
    const auto body = textOf(event.toJson());
    HttpClient::Request request{
        .url = webhook.url,
        .fields = {{"Content-Type", "application/json"}, {"User-Agent", "kickstartd"}},
        .body = body,
        .connectTimeout = std::chrono::milliseconds(webhook.connectTimeout)};
    for (const auto& [name, value] : webhook.headers)
        request.fields.emplace_back(name, value);
    if (signingKey) {
        const auto claims = jsonObject({{"request_body_sha256", encodeBase64(sha256(body))}});
        request.fields.emplace_back("X-FusionAuth-Signature-JWT", signingKey->sign(claims));
    }
    const std::chrono::milliseconds timeout(webhook.connectTimeout + webhook.readTimeout);
    const auto result = client.send(request, timeout, stopping);
    if (const auto* failure = std::get_if<HttpClient::Failure>(&result)) return failure->reason;
    const auto status = std::get<HttpClient::Response>(result).status;
    if (status >= 200 && status < 300) return std::nullopt;
    return "the response has status " + std::to_string(status);
}

}  // namespace changebank::kickstart
