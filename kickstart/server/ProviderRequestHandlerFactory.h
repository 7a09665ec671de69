#pragma once

#include <Poco/Net/HTTPRequestHandlerFactory.h>

#include <functional>
#include <string>

#include "changebank/kickstart/server/IdentityProvider.h"

namespace changebank::kickstart {

/// Makes the handlers that take HTTP requests to the APIs, the OAuth endpoints or the hosted backend, and
/// their responses back. How long a body may be is the server's business.
class ProviderRequestHandlerFactory : public Poco::Net::HTTPRequestHandlerFactory {
public:
    /// Gets one line for each answered request: method, path and status, and nothing that is secret, as a
    /// query may be. Called by any number of threads at once.
    using AccessLog = std::function<void(const std::string& line)>;

    /// The provider must outlive the factory, and the factory its handlers.
    ProviderRequestHandlerFactory(IdentityProvider& provider, AccessLog log)
        : _provider(provider), _log(std::move(log)) {}

    Poco::Net::HTTPRequestHandler* createRequestHandler(const Poco::Net::HTTPServerRequest& request) override;

private:
    IdentityProvider& _provider;
    const AccessLog _log;
};

}  // namespace changebank::kickstart
