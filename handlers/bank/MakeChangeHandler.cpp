#include "changebank/handlers/bank/MakeChangeHandler.h"

#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>

#include "changebank/handlers/bank/Change.h"
#include "changebank/handlers/routing/QueryParameter.h"
#include "changebank/handlers/routing/RequestTarget.h"
#include "changebank/handlers/routing/Response.h"

namespace changebank::handlers {

using Poco::Net::HTTPResponse;

void MakeChangeHandler::handleRequest(Poco::Net::HTTPServerRequest& request,
                                      Poco::Net::HTTPServerResponse& response) {
    const auto parameter = queryParameter(RequestTarget::of(request).query, "total");
    const auto* total = std::get_if<std::string>(&parameter);
    const auto change = total != nullptr ? Change::parse(*total) : std::nullopt;
    if (!change) {
        Response::error(HTTPResponse::HTTP_BAD_REQUEST, "Invalid or missing \"total\" parameter")
            .send(response);
        return;
    }
    const auto json = change->toJson();
    Response::sendJson(response, {json.data(), json.size()});
}

}  // namespace changebank::handlers
