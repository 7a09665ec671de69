#pragma once

#include <Poco/Net/HTTPRequestHandler.h>

#include <memory>

#include "changebank/security/token/TokenValidator.h"

namespace changebank::handlers {

/// `GET /readyz`: 200 while there are keys to verify tokens with and the server does not stop; otherwise 503
/// with a body that says why, and Retry-After if keys are missing.
class ReadinessHandler : public Poco::Net::HTTPRequestHandler {
public:
    ReadinessHandler(std::shared_ptr<const security::TokenValidator> validator, bool isStopping);

    void handleRequest(Poco::Net::HTTPServerRequest& request,
                       Poco::Net::HTTPServerResponse& response) override;

private:
    std::shared_ptr<const security::TokenValidator> _validator;
    bool _isStopping;
};

}  // namespace changebank::handlers
