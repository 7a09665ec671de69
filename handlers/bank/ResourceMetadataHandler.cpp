#include "changebank/handlers/bank/ResourceMetadataHandler.h"

#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>

#include "changebank/handlers/routing/Response.h"

namespace changebank::handlers {

std::shared_ptr<const StaticResponse> ResourceMetadataHandler::responseWith(std::string document) {
    return std::make_shared<const StaticResponse>("application/json", std::move(document),
                                                  std::vector<Response::Header>(), "public, max-age=3600");
}

void ResourceMetadataHandler::handleRequest(Poco::Net::HTTPServerRequest& request,
                                            Poco::Net::HTTPServerResponse& response) {
    // An allowed origin (CorsRequestHandlerFactory) is named already, and may send credentials as well.
    if (!response.has("Access-Control-Allow-Origin")) response.set("Access-Control-Allow-Origin", "*");
    if (request.getMethod() == Poco::Net::HTTPRequest::HTTP_OPTIONS) {
        return Response{Poco::Net::HTTPResponse::HTTP_NO_CONTENT}
            .with("Allow", "GET, HEAD, OPTIONS")
            .with("Access-Control-Allow-Methods", "GET, HEAD")
            .with("Access-Control-Allow-Headers", "*")
            .with("Access-Control-Max-Age", "600")
            .send(response);
    }
    _response->send(request, response);
}

}  // namespace changebank::handlers
