#pragma once

#include <Poco/Net/HTTPRequestHandler.h>

namespace changebank::handlers {

/// `POST /panic`: calls the police, and says so. A body is not looked at.
class PanicHandler : public Poco::Net::HTTPRequestHandler {
public:
    void handleRequest(Poco::Net::HTTPServerRequest& request,
                       Poco::Net::HTTPServerResponse& response) override;
};

}  // namespace changebank::handlers
