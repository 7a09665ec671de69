#pragma once

#include <Poco/Net/HTTPRequestHandler.h>

#include <memory>
#include <string>
#include <utility>

#include "changebank/handlers/routing/StaticResponse.h"

namespace changebank::handlers {

/// `GET /.well-known/oauth-protected-resource…`: the metadata of a protected resource (RFC 9728 section 3.2).
/// Pages of every origin may read it, also with fields of their own: it responds to preflights (OPTIONS).
class ResourceMetadataHandler : public Poco::Net::HTTPRequestHandler {
public:
    /// The response must not be nullptr.
    explicit ResourceMetadataHandler(std::shared_ptr<const StaticResponse> response)
        : _response(std::move(response)) {}

    /// A response with the document, a JSON object, which clients may keep for an hour.
    static std::shared_ptr<const StaticResponse> responseWith(std::string document);

    void handleRequest(Poco::Net::HTTPServerRequest& request,
                       Poco::Net::HTTPServerResponse& response) override;

private:
    std::shared_ptr<const StaticResponse> _response;
};

}  // namespace changebank::handlers
