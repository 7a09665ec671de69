#pragma once

#include <string>

#include "changebank/security/guard/AuditTrail.h"

namespace changebank::handlers {

/// An audit trail that keeps `EVENT SUBJECT METHOD` of each event as a line, or fails. For one thread.
class RecordingTrail : public security::AuditTrail {
public:
    bool record(Event event, const Poco::Net::HTTPServerRequest& request,
                const security::Principal& principal) noexcept override {
        if (fails) return false;
        text += std::string(event == Event::panic ? "panic " : "role_refused ") + principal.subject + " " +
                request.getMethod() + "\n";
        return true;
    }

    std::string text;
    bool fails = false;
};

}  // namespace changebank::handlers
