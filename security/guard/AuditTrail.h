#pragma once

#include <Poco/Net/HTTPServerRequest.h>

#include <memory>

#include "changebank/security/token/Principal.h"

namespace changebank::security {

/// A record of what must not be lost: who did or tried what, when, and from where. Usable from any thread.
class AuditTrail {
public:
    using Ptr = std::shared_ptr<AuditTrail>;

    enum class Event : unsigned char {
        panic,        ///< A caller who may called the police.
        roleRefused,  ///< A caller whose token is good lacked the role for what the request asks.
    };

    virtual ~AuditTrail() = default;

    /// Writes the event down, and returns when it cannot be lost any more, or false if it could not be
    /// written, which the trail itself reports to the operator. May wait for a disk: to be called where
    /// waiting is allowed (BlockingRequestHandler), and before the answer is sent.
    virtual bool record(Event event, const Poco::Net::HTTPServerRequest& request,
                        const Principal& principal) noexcept = 0;
};

}  // namespace changebank::security
