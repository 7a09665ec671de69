#pragma once

#include "changebank/security/guard/RefusalReporter.h"

namespace changebank::daemon {

/// Logs each refused request at debug: cause, method, path, client and subject; never a token, and nothing
/// unescaped.
class LoggingRefusalReporter : public security::RefusalReporter {
public:
    using RefusalReporter::RefusalReporter;

protected:
    void refused(const Poco::Net::HTTPServerRequest& request, const security::Refusal& refusal,
                 const security::Principal* principal) override;
};

}  // namespace changebank::daemon
