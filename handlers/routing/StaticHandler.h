#pragma once

#include <Poco/Net/HTTPRequestHandler.h>

#include <memory>
#include <utility>

#include "changebank/handlers/routing/StaticResponse.h"

namespace changebank::handlers {

/// Sends a static response, which requests share.
class StaticHandler : public Poco::Net::HTTPRequestHandler {
public:
    /// The response must not be nullptr.
    explicit StaticHandler(std::shared_ptr<const StaticResponse> response) : _response(std::move(response)) {}

    void handleRequest(Poco::Net::HTTPServerRequest& request,
                       Poco::Net::HTTPServerResponse& response) override {
        _response->send(request, response);
    }

private:
    std::shared_ptr<const StaticResponse> _response;
};

}  // namespace changebank::handlers
