#pragma once

#include <Poco/Net/HTTPRequestHandler.h>

#include <memory>
#include <string>
#include <vector>

#include "changebank/security/token/TokenValidator.h"

namespace changebank::handlers {

/// `GET /readyz`: 200 while there are keys of all required issuers, revocations are known and the server does
/// not stop; otherwise 503 with a body that says why, and Retry-After unless it stops. With several issuers
/// the body says of each whether it has keys.
class ReadinessHandler : public Poco::Net::HTTPRequestHandler {
public:
    /// `required` are names of issuers (TrustedIssuer::name), and may be empty.
    ReadinessHandler(std::shared_ptr<const security::TokenValidator> validator,
                     std::shared_ptr<const std::vector<std::string>> required, bool isStopping);

    void handleRequest(Poco::Net::HTTPServerRequest& request,
                       Poco::Net::HTTPServerResponse& response) override;

private:
    std::shared_ptr<const security::TokenValidator> _validator;
    std::shared_ptr<const std::vector<std::string>> _required;
    bool _isStopping;
};

}  // namespace changebank::handlers
