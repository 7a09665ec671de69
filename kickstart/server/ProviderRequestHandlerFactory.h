#pragma once

#include <Poco/Net/HTTPRequestHandlerFactory.h>

#include <functional>
#include <string>

#include "changebank/kickstart/server/IdentityProvider.h"

namespace changebank::kickstart {

/// Makes the handlers that pass HTTP requests to the APIs, the OAuth endpoints or the hosted backend. The
/// server limits the size of bodies.
class ProviderRequestHandlerFactory : public Poco::Net::HTTPRequestHandlerFactory {
public:
    /// Called for each request with one line: method, path and status; without the query, which may have
    /// secrets. Must be thread-safe.
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
