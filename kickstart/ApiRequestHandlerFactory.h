#pragma once

#include <Poco/Net/HTTPRequestHandlerFactory.h>

#include "kickstart/ApiRequestHandler.h"
#include "kickstart/ApiRouter.h"
#include "kickstart/Limits.h"
#include "kickstart/oauth/OAuthServer.h"
#include "kickstart/oauth/WebRequestHandler.h"

namespace changebank::kickstart {

/// Gives each request the handler of its path: the APIs', or that of the OAuth endpoints and the hosted
/// backend. The router and the OAuth server must outlive the factory.
class ApiRequestHandlerFactory : public Poco::Net::HTTPRequestHandlerFactory {
public:
    /// A body beyond the limits gets 413.
    ApiRequestHandlerFactory(const ApiRouter& apis, OAuthServer& oauth, AccessLog log)
        : _apis(apis), _oauth(oauth), _log(std::move(log)) {}

    Poco::Net::HTTPRequestHandler* createRequestHandler(
        const Poco::Net::HTTPServerRequest& request) override {
        if (OAuthServer::covers(request.getURI()))
            return new WebRequestHandler(_oauth, bodyLimits.size, _log);
        return new ApiRequestHandler(_apis, bodyLimits.size, _log);
    }

private:
    const ApiRouter& _apis;
    OAuthServer& _oauth;
    AccessLog _log;
};

}  // namespace changebank::kickstart
