#include "handlers/MakeChangeHandler.h"

#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>

#include "handlers/Answer.h"
#include "handlers/Change.h"
#include "handlers/RequestTarget.h"

namespace changebank::handlers {

using Poco::Net::HTTPResponse;

namespace {

Answer answerFor(const RequestTarget& target) {
    const auto totals = target.parameter("total");
    const auto change = totals.size() == 1 ? Change::parse(totals.front()) : std::nullopt;
    if (!change)
        return Answer::error(HTTPResponse::HTTP_BAD_REQUEST, "Invalid or missing \"total\" parameter");
    return Answer::json(HTTPResponse::HTTP_OK, change->toJson());
}

}  // namespace

void MakeChangeHandler::handleRequest(Poco::Net::HTTPServerRequest& request,
                                      Poco::Net::HTTPServerResponse& response) {
    answerFor(RequestTarget(request.getURI())).send(response);
}

}  // namespace changebank::handlers
