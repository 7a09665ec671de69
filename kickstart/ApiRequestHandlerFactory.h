#pragma once

#include <Poco/Net/HTTPRequestHandlerFactory.h>

#include "kickstart/ApiRequestHandler.h"
#include "kickstart/ApiRouter.h"

namespace changebank::kickstart {

/// Gives each request an ApiRequestHandler. The router must outlive the server.
class ApiRequestHandlerFactory : public Poco::Net::HTTPRequestHandlerFactory {
public:
    /// `log` is called from any number of threads at once.
    ApiRequestHandlerFactory(const ApiRouter& apis, ApiRequestHandler::AccessLog log)
        : _apis(apis), _log(std::move(log)) {}

    Poco::Net::HTTPRequestHandler* createRequestHandler(const Poco::Net::HTTPServerRequest&) override {
        return new ApiRequestHandler(_apis, _log);
    }

private:
    const ApiRouter& _apis;
    ApiRequestHandler::AccessLog _log;
};

}  // namespace changebank::kickstart
