#pragma once

#include <Poco/Net/HTTPServerRequest.h>

#include <memory>
#include <optional>

#include "changebank/security/token/Principal.h"

namespace changebank::security {

/// A durable record of security events: who did or tried what, when, and from where. Usable from any thread.
class AuditTrail {
public:
    using Ptr = std::shared_ptr<AuditTrail>;

    enum class Event : unsigned char {
        panic,            ///< An authorised caller called the police.
        roleRefused,      ///< A caller with a valid token lacked a role, scope or permission.
        refusalsLimited,  ///< The same; this caller's further ones are not recorded for now.
    };

    virtual ~AuditTrail() = default;

    /// The event to record for a missing role, scope or permission; std::nullopt if this principal has had
    /// enough of them recorded for now, so that a caller without it can neither fill the trail nor hold up
    /// those who have it. Never waits. By default every one is recorded.
    virtual std::optional<Event> admitRefusal(const Principal& principal) noexcept;

    /// Records the event durably before it returns. Returns false if it could not be recorded, which the
    /// trail itself reports to the operator. May wait for a disk: call it where waiting is allowed
    /// (BlockingRequestHandler), before the response is sent.
    virtual bool record(Event event, const Poco::Net::HTTPServerRequest& request,
                        const Principal& principal) noexcept = 0;
};

inline std::optional<AuditTrail::Event> AuditTrail::admitRefusal(const Principal&) noexcept {
    return Event::roleRefused;
}

}  // namespace changebank::security
