#pragma once

#include <Poco/Net/HTTPRequestHandler.h>

namespace changebank::handlers {

/// `GET /make-change?total=1.02`: responds with the amount in nickels and pennies; 400 if the parameter
/// `total` is missing, repeated or not an amount (see Change::parse).
class MakeChangeHandler : public Poco::Net::HTTPRequestHandler {
public:
    void handleRequest(Poco::Net::HTTPServerRequest& request,
                       Poco::Net::HTTPServerResponse& response) override;
};

}  // namespace changebank::handlers
