#include "changebank/handlers/bank/PanicHandler.h"

#include <Poco/Net/HTTPServerResponse.h>

#include "changebank/handlers/routing/Response.h"

namespace changebank::handlers {

using Poco::Net::HTTPResponse;

void PanicHandler::handleRequest(Poco::Net::HTTPServerRequest& request,
                                 Poco::Net::HTTPServerResponse& response) {
    if (_audit->record(security::AuditTrail::Event::panic, request, *_principal)) {
        Response::json(HTTPResponse::HTTP_OK, R"({"message":"We've called the police!"})").send(response);
    } else {
        Response::json(HTTPResponse::HTTP_SERVICE_UNAVAILABLE,
                       R"({"error":"the audit log cannot be written","code":"ERR_AUDIT_UNAVAILABLE"})")
            .with("Retry-After", "1")
            .send(response);
    }
}

}  // namespace changebank::handlers
