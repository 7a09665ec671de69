#pragma once

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPServerRequest.h>

#include <memory>

#include "changebank/security/token/Principal.h"

namespace changebank::security {

/// Makes the handler for a request whose caller is known; stands behind the guard. The counterpart of
/// Poco::Net::HTTPRequestHandlerFactory; called from any thread.
class PrincipalRequestHandlerFactory {
public:
    using Ptr = std::shared_ptr<PrincipalRequestHandlerFactory>;

    virtual ~PrincipalRequestHandlerFactory() = default;

    /// Never nullptr.
    virtual std::unique_ptr<Poco::Net::HTTPRequestHandler> createRequestHandler(
        const Poco::Net::HTTPServerRequest& request, std::shared_ptr<const Principal> principal) = 0;
};

}  // namespace changebank::security
