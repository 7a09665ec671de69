#pragma once

#include "changebank/security/guard/RefusalReporter.h"

namespace changebank::daemon {

/// Logs each denied request at debug: cause, method, path, client and subject, all escaped; never a token.
class LoggingRefusalReporter : public security::RefusalReporter {
public:
    using RefusalReporter::RefusalReporter;

protected:
    void refused(const Poco::Net::HTTPServerRequest& request, const security::Refusal& refusal,
                 const security::Principal* principal) override;
};

}  // namespace changebank::daemon
