#include "changebank/daemon/admin/DecisionRoutes.h"

#include <Poco/StreamCopier.h>

#include <string>
#include <variant>

#include "changebank/daemon/admin/AdminContext.h"
#include "changebank/daemon/admin/DecisionReport.h"
#include "changebank/daemon/admin/DecisionRequest.h"

namespace changebank::daemon {

using handlers::Response;
using Poco::Net::HTTPResponse;

Response decide(Poco::Net::HTTPServerRequest& request, const AdminContext& context) {
    std::string body;
    Poco::StreamCopier::copyToString(request.stream(), body);
    const auto& limits = context.reload.current()->settings.server.limits;
    const auto parsed = decisionRequestOf(body, limits.maxHeaderBytes);
    if (const auto* bad = std::get_if<BadValue>(&parsed))
        return Response::error(HTTPResponse::HTTP_BAD_REQUEST, bad->why);
    const auto trials = context.service.decisionTrials();
    if (!trials)
        return Response::error(HTTPResponse::HTTP_CONFLICT,
                               "there is nothing to decide by: no decision.rule.N is set");
    return Response::json(HTTPResponse::HTTP_OK,
                          decisionReport(trials->run(std::get<handlers::TriedRequest>(parsed))));
}

}  // namespace changebank::daemon
