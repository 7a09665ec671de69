#pragma once

#include <Poco/Net/HTTPRequestHandler.h>

#include <memory>

#include "changebank/security/guard/AuditTrail.h"
#include "changebank/security/token/Principal.h"

namespace changebank::handlers {

/// `POST /panic`: records the call in the audit trail, then confirms it; 503 with the code
/// ERR_AUDIT_UNAVAILABLE if it cannot be recorded, since nobody could tell later who called. Ignores the
/// body. May wait for the trail's disk.
class PanicHandler : public Poco::Net::HTTPRequestHandler {
public:
    /// Neither may be nullptr.
    PanicHandler(std::shared_ptr<const security::Principal> principal, security::AuditTrail::Ptr audit)
        : _principal(std::move(principal)), _audit(std::move(audit)) {}

    void handleRequest(Poco::Net::HTTPServerRequest& request,
                       Poco::Net::HTTPServerResponse& response) override;

private:
    std::shared_ptr<const security::Principal> _principal;
    security::AuditTrail::Ptr _audit;
};

}  // namespace changebank::handlers
