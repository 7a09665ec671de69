#pragma once

#include <Poco/Net/HTTPRequestHandlerFactory.h>

#include <memory>

#include "changebank/daemon/logging/AuditLog.h"
#include "changebank/daemon/revocation/RecentEvents.h"
#include "changebank/daemon/revocation/Revocations.h"
#include "changebank/daemon/revocation/WebhookCounters.h"
#include "changebank/daemon/service/ChangeBankService.h"
#include "changebank/daemon/service/EventLog.h"
#include "changebank/daemon/service/SnapshotHandlerFactory.h"
#include "changebank/daemon/service/UnreadEvents.h"
#include "changebank/daemon/settings/Settings.h"

namespace changebank::daemon {

/// Receives FusionAuth's events by the settings and puts them into effect. Settings are exchanged on one
/// thread; everything else is thread-safe.
class EventReceiver {
public:
    /// All of them must outlive this object and the handlers of its factory.
    struct Components {
        Revocations& revocations;
        const ChangeBankService& service;
        AuditLog& audit;
    };

    explicit EventReceiver(Components components);

    /// Serves by the last settings of use(); before them it may not be used.
    Poco::Net::HTTPRequestHandlerFactory::Ptr factory() const { return _factory; }

    /// To be notified of the requests to the listener.
    AccessObserver::Ptr observer() const { return _unread; }

    /// Serves by these settings, which the service has committed, from the next request on.
    void use(const Settings::Revocation& settings);

    const WebhookCounters& counters() const noexcept { return *_counters; }

private:
    Components _components;
    const std::shared_ptr<WebhookCounters> _counters = std::make_shared<WebhookCounters>();
    const std::shared_ptr<RecentEvents> _recent = std::make_shared<RecentEvents>();
    const std::shared_ptr<EventLog> _log = std::make_shared<EventLog>();
    const AccessObserver::Ptr _unread = std::make_shared<UnreadEvents>(_counters, _log);
    Poco::SharedPtr<SnapshotHandlerFactory> _factory{new SnapshotHandlerFactory};
};

}  // namespace changebank::daemon
