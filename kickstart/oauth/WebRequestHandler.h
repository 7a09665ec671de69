#pragma once

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>

#include <cstddef>

#include "kickstart/AccessLog.h"
#include "kickstart/oauth/OAuthServer.h"
#include "security/BlockingRequestHandler.h"

namespace changebank::kickstart {

/// Takes one HTTP request to the OAuth endpoints or the hosted backend and their answer back. It blocks:
/// signing takes its time.
class WebRequestHandler : public Poco::Net::HTTPRequestHandler, public security::BlockingRequestHandler {
public:
    /// The server and the log must outlive the handler.
    WebRequestHandler(OAuthServer& server, std::size_t maxBodyBytes, const AccessLog& log)
        : _server(server), _maxBodyBytes(maxBodyBytes), _log(log) {}

    void handleRequest(Poco::Net::HTTPServerRequest& request,
                       Poco::Net::HTTPServerResponse& response) override;

private:
    OAuthServer& _server;
    const std::size_t _maxBodyBytes;
    const AccessLog& _log;
};

}  // namespace changebank::kickstart
