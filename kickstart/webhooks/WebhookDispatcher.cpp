#include "changebank/kickstart/webhooks/WebhookDispatcher.h"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/URI.h>

#include "changebank/base/text/Json.h"
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
        std::string failure;
        try {
            return delivery.send();
        } catch (const Poco::TimeoutException&) {
            failure = "no response in time";
        } catch (const Poco::Exception& error) {
            failure = error.displayText();
        } catch (const std::exception& error) {
            failure = error.what();
        }
        const bool again = attempt < attempts && !stopping.stop_requested();
        _report(delivery.toText() + ": " + failure + (again ? "; retrying" : "; giving up"));
        if (!again) return;
    }
}

std::string WebhookDispatcher::Delivery::toText() const {
    return "webhook " + quoteJson(webhook.url) + ": event " + quoteJson(event.type) + " " + event.id.toText();
}

void WebhookDispatcher::Delivery::send() const {
    const auto body = textOf(event.toJson());
    const Poco::URI uri(webhook.url);
    const auto path = uri.getPathEtc();
    Poco::Net::HTTPRequest request("POST", path.empty() ? "/" : path, Poco::Net::HTTPMessage::HTTP_1_1);
    request.setContentType("application/json");
    request.setContentLength64(static_cast<Poco::Int64>(body.size()));
    request.set("User-Agent", "kickstartd");
    for (const auto& [name, value] : webhook.headers) {
        request.set(name, value);
    }
    if (signingKey) {
        const auto claims = jsonObject({{"request_body_sha256", encodeBase64(sha256(body))}});
        request.set("X-FusionAuth-Signature-JWT", signingKey->sign(claims));
    }
    Poco::Net::HTTPClientSession session(uri.getHost(), uri.getPort());
    const auto millisecond = Poco::Timespan::MILLISECONDS;
    const Poco::Timespan readTimeout(webhook.readTimeout * millisecond);
    session.setTimeout(webhook.connectTimeout * millisecond, readTimeout, readTimeout);
    session.setKeepAlive(false);
    session.sendRequest(request) << body;
    Poco::Net::HTTPResponse response;
    session.receiveResponse(response);
    if (response.getStatus() < 200 || response.getStatus() >= 300)
        throw Poco::IOException("the response has status " + std::to_string(response.getStatus()));
}

}  // namespace changebank::kickstart
