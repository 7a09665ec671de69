#pragma once

#include <Poco/Net/HTTPRequestHandlerFactory.h>

#include <memory>

#include "changebank/security/guard/RefusalReporter.h"
#include "changebank/security/limit/CallerLimits.h"

namespace changebank::security {

/// Counts each request for its client's network, and passes it on to the factory behind it or, beyond the
/// limit of the network, returns a handler that answers with 429. The client is the one that the server
/// names (Poco::Net::HTTPServerRequest::clientAddress()). Immutable, usable from any thread.
class LimitedRequestHandlerFactory : public Poco::Net::HTTPRequestHandlerFactory {
public:
    /// None of them may be nullptr.
    LimitedRequestHandlerFactory(std::shared_ptr<const CallerLimits> limits, RefusalReporter::Ptr reporter,
                                 Poco::Net::HTTPRequestHandlerFactory::Ptr next);

    Poco::Net::HTTPRequestHandler* createRequestHandler(const Poco::Net::HTTPServerRequest& request) override;

private:
    std::shared_ptr<const CallerLimits> _limits;
    RefusalReporter::Ptr _reporter;
    Poco::Net::HTTPRequestHandlerFactory::Ptr _next;
};

}  // namespace changebank::security
