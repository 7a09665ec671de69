#pragma once

#include <Poco/Net/HTTPRequestHandler.h>

#include <memory>
#include <utility>

#include "changebank/handlers/routing/StaticAnswer.h"

namespace changebank::handlers {

/// Gives a static answer, which is shared between requests.
class StaticHandler : public Poco::Net::HTTPRequestHandler {
public:
    /// The answer must not be nullptr.
    explicit StaticHandler(std::shared_ptr<const StaticAnswer> answer) : _answer(std::move(answer)) {}

    void handleRequest(Poco::Net::HTTPServerRequest& request,
                       Poco::Net::HTTPServerResponse& response) override {
        _answer->send(request, response);
    }

private:
    std::shared_ptr<const StaticAnswer> _answer;
};

}  // namespace changebank::handlers
