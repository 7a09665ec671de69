#pragma once

#include <Poco/Net/HTTPRequestHandler.h>

#include <utility>

#include "changebank/handlers/routing/Response.h"

namespace changebank::handlers {

/// Sends the same response to every request.
class ResponseHandler : public Poco::Net::HTTPRequestHandler {
public:
    explicit ResponseHandler(Response response) : _response(std::move(response)) {}

    void handleRequest(Poco::Net::HTTPServerRequest&, Poco::Net::HTTPServerResponse& response) override {
        _response.send(response);
    }

private:
    Response _response;
};

}  // namespace changebank::handlers
