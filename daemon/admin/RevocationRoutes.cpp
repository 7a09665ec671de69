#include "changebank/daemon/admin/RevocationRoutes.h"

#include <Poco/StreamCopier.h>

#include <optional>
#include <string>
#include <utility>

#include "changebank/base/handler/ClientText.h"
#include "changebank/base/system/Clock.h"
#include "changebank/daemon/admin/AdminContext.h"
#include "changebank/daemon/admin/RevocationRequest.h"
#include "changebank/daemon/admin/RevocationsFilter.h"
#include "changebank/daemon/admin/RevocationsReport.h"
#include "changebank/daemon/http/message/ServerRequest.h"
#include "changebank/handlers/routing/RequestTarget.h"

namespace changebank::daemon {

using handlers::Response;
using Poco::Net::HTTPResponse;
using Poco::Net::HTTPServerRequest;
using security::Revocation;

namespace {

Response malformed(const BadValue& value) {
    return Response::error(HTTPResponse::HTTP_BAD_REQUEST, value.why);
}

/// Who is at the other end of the socket, as far as the kernel tells.
std::string clientOf(const HTTPServerRequest& request) {
    const auto* ours = dynamic_cast<const http::ServerRequest*>(&request);
    const auto* peer = ours == nullptr ? nullptr : ours->peer();
    if (peer == nullptr) return clientText(request.clientAddress());
    return "uid " + std::to_string(peer->user) + " pid " + std::to_string(peer->process);
}

}  // namespace

Response listRevocations(const HTTPServerRequest& request, const AdminContext& context) {
    const auto parsed = RevocationsFilter::parse(handlers::RequestTarget::of(request).query);
    if (const auto* bad = std::get_if<BadValue>(&parsed)) return malformed(*bad);
    if (!context.revocations.status().isOn) return revocationIsOff();
    const auto& filter = std::get<RevocationsFilter>(parsed);
    std::size_t total = 0;
    const auto found = context.revocations.find(
        [&](const Revocation& revocation) {
            const bool isWanted = filter.matches(revocation);
            total += isWanted ? 1 : 0;
            return isWanted;
        },
        filter.limit);
    return Response::json(HTTPResponse::HTTP_OK, revocationsReport(found, total));
}

Response makeRevocation(HTTPServerRequest& request, const AdminContext& context) {
    std::string body;
    Poco::StreamCopier::copyToString(request.stream(), body);
    const auto parsed = revocationOf(body, Clock::system().wall());
    if (const auto* bad = std::get_if<BadValue>(&parsed)) return malformed(*bad);
    const auto& revocation = std::get<Revocation>(parsed);
    const auto result = context.revocations.revoke(revocation);
    std::optional<bool> isAudited;
    if (result.outcome == Revocations::Outcome::kept)
        isAudited = context.recordRevocation(revocation, {}, clientOf(request));
    return revocationResponse(result, revocation, context.revocations.status(), isAudited);
}

}  // namespace changebank::daemon
