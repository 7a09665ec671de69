#include "changebank/kickstart/webhooks/WebhookDispatcher.h"

#include <utility>

namespace changebank::kickstart {

WebhookCourier::Pauses WebhookDispatcher::usualPauses() {
    using std::chrono::milliseconds;
    return {milliseconds(200), milliseconds(1000), milliseconds(3000)};
}

WebhookDispatcher::WebhookDispatcher(WebhookCourier::Report report, WebhookCourier::Pauses pauses)
    : _report(std::move(report)), _pauses(std::move(pauses)) {}

void WebhookDispatcher::announce(const DirectoryState& state, const std::vector<Event>& events) {
    const std::lock_guard lock(_mutex);
    for (const auto& event : events) {
        const auto tenant = state.tenants.find(event.tenantId);
        if (tenant == state.tenants.end() || !tenant->second.enabledEvents.contains(event.type)) continue;
        for (const auto& [id, webhook] : state.webhooks) {
            if (!webhook.wants(event.type, event.tenantId)) continue;
            const auto& keyId = webhook.signingKeyId;
            auto& courier = _couriers.try_emplace(id, _report, _pauses).first->second;
            courier.send({webhook, event, keyId ? state.keys.at(*keyId).key : nullptr});
        }
    }
}

}  // namespace changebank::kickstart
