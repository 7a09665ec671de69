#pragma once

#include <Poco/Net/HTTPRequestHandler.h>

#include <memory>

#include "changebank/security/token/TokenValidator.h"

namespace changebank::handlers {

/// `GET /readyz`: 200 while there are keys to verify tokens with; otherwise 503 with Retry-After and a body
/// that says why.
class ReadinessHandler : public Poco::Net::HTTPRequestHandler {
public:
    explicit ReadinessHandler(std::shared_ptr<const security::TokenValidator> validator);

    void handleRequest(Poco::Net::HTTPServerRequest& request,
                       Poco::Net::HTTPServerResponse& response) override;

private:
    std::shared_ptr<const security::TokenValidator> _validator;
};

}  // namespace changebank::handlers
