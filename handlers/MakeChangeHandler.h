#pragma once

#include "handlers/RecycledHandler.h"

namespace changebank::handlers {

/// `GET /make-change?total=1.02`: answers the amount in nickels and pennies; 400 if the parameter `total` is
/// missing, comes more than once or is not an amount (see Change::parse).
class MakeChangeHandler : public RecycledHandler {
public:
    void handleRequest(Poco::Net::HTTPServerRequest& request,
                       Poco::Net::HTTPServerResponse& response) override;
};

}  // namespace changebank::handlers
