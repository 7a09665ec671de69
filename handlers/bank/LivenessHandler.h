#pragma once

#include <Poco/Net/HTTPRequestHandler.h>

namespace changebank::handlers {

/// `GET /livez`: 200 as long as the process answers at all.
class LivenessHandler : public Poco::Net::HTTPRequestHandler {
public:
    void handleRequest(Poco::Net::HTTPServerRequest& request,
                       Poco::Net::HTTPServerResponse& response) override;
};

}  // namespace changebank::handlers
