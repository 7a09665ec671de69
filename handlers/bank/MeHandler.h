#pragma once

#include <Poco/Net/HTTPRequestHandler.h>

#include <memory>

#include "changebank/security/token/Principal.h"

namespace changebank::handlers {

/// `GET /me`: responds with the caller's verified claims, as the token has them.
class MeHandler : public Poco::Net::HTTPRequestHandler {
public:
    /// The principal must not be nullptr.
    explicit MeHandler(std::shared_ptr<const security::Principal> principal);

    void handleRequest(Poco::Net::HTTPServerRequest& request,
                       Poco::Net::HTTPServerResponse& response) override;

private:
    std::shared_ptr<const security::Principal> _principal;
};

}  // namespace changebank::handlers
