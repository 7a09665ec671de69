#pragma once

#include <memory>

#include "handlers/RecycledHandler.h"
#include "security/Principal.h"

namespace changebank::handlers {

/// `GET /me`: answers the caller's own verified claims, as the token has them.
class MeHandler : public RecycledHandler {
public:
    /// The principal must not be nullptr.
    explicit MeHandler(std::shared_ptr<const security::Principal> principal);

    void handleRequest(Poco::Net::HTTPServerRequest& request,
                       Poco::Net::HTTPServerResponse& response) override;

private:
    std::shared_ptr<const security::Principal> _principal;
};

}  // namespace changebank::handlers
