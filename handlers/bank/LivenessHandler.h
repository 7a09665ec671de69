#pragma once

#include <Poco/Net/HTTPRequestHandler.h>

namespace changebank::handlers {

/// `GET /livez`: 200 while the process responds at all.
class LivenessHandler : public Poco::Net::HTTPRequestHandler {
public:
    void handleRequest(Poco::Net::HTTPServerRequest& request,
                       Poco::Net::HTTPServerResponse& response) override;
};

}  // namespace changebank::handlers
