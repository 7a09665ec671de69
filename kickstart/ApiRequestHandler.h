#pragma once

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>

#include <cstddef>

#include "kickstart/AccessLog.h"
#include "kickstart/ApiRouter.h"
#include "security/BlockingRequestHandler.h"

namespace changebank::kickstart {

/// Takes one HTTP request to the APIs and their answer back. It blocks: generating a key takes its time.
class ApiRequestHandler : public Poco::Net::HTTPRequestHandler, public security::BlockingRequestHandler {
public:
    /// The router and the log must outlive the handler.
    ApiRequestHandler(const ApiRouter& apis, std::size_t maxBodyBytes, const AccessLog& log)
        : _apis(apis), _maxBodyBytes(maxBodyBytes), _log(log) {}

    void handleRequest(Poco::Net::HTTPServerRequest& request,
                       Poco::Net::HTTPServerResponse& response) override;

private:
    const ApiRouter& _apis;
    const std::size_t _maxBodyBytes;
    const AccessLog& _log;
};

}  // namespace changebank::kickstart
