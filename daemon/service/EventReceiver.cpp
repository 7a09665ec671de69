#include "changebank/daemon/service/EventReceiver.h"

#include <string>

#include "changebank/daemon/revocation/WebhookKeys.h"
#include "changebank/daemon/revocation/WebhookRoutes.h"

namespace changebank::daemon {

EventReceiver::EventReceiver(Components components) : _components(components) {}

void EventReceiver::use(const Settings::Revocation& settings) {
    auto context = std::make_shared<WebhookContext>();
    context->keys = std::make_shared<const WebhookKeys>(settings.webhookKeys, settings.webhookKids,
                                                        _components.service.firstKeys());
    context->revoke = [&revocations = _components.revocations](const auto& revocation) {
        return revocations.revoke(revocation);
    };
    context->counters = _counters;
    context->recent = _recent;
    context->refreshKeys = [&service = _components.service] { service.requestKeys(); };
    context->kept = [&audit = _components.audit](const auto& revocation, const auto& event,
                                                 const auto& client) {
        audit.recordRevocation(revocation, event, client);
    };
    context->report = [log = _log](EventOutcome outcome, const std::string& why, const std::string& client) {
        log->warn(outcome, why, client);
    };
    context->leeway = settings.webhookLeeway;
    _factory->replace(webhookRoutes(std::move(context)));
}

}  // namespace changebank::daemon
