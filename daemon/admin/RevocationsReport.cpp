#include "changebank/daemon/admin/RevocationsReport.h"

#include <Poco/JSON/Array.h>

#include <chrono>

#include "changebank/base/text/JsonText.h"
#include "changebank/base/text/UtcText.h"
#include "changebank/security/revocation/RevocationIds.h"

namespace changebank::daemon {

using handlers::Response;
using Poco::Dynamic::Var;
using Poco::JSON::Object;
using Poco::Net::HTTPResponse;
using security::Revocation;

namespace {

Object objectOf(const Revocation& revocation) {
    auto object = jsonObject();
    for (const auto& [name, id] : security::revocationIds) {
        if (!(revocation.*id).empty()) object.set(name, revocation.*id);
    }
    const std::chrono::sys_seconds issuedUpTo{std::chrono::seconds(revocation.issuedUpTo)};
    object.set("issuedUpTo", utcText(issuedUpTo));
    object.set("reason", revocation.reason);
    return object;
}

Var redisOf(const Revocations::Status& status) {
    if (!status.stream) return {};
    const auto& stream = *status.stream;
    const auto last = stream.lastUpToDate;
    return jsonObject(
        {{"address", status.streamAddress},
         {"upToDate", stream.isUpToDate},
         {"lastUpToDate", last ? Var(utcText(std::chrono::floor<std::chrono::seconds>(*last))) : Var()},
         {"failure", stream.failure},
         {"publishFailure", stream.publishFailure},
         {"unpublished", std::uint64_t{stream.unpublished}}});
}

Response revoked(const char* outcome, const Revocation& revocation, const Revocations::Status& status,
                 std::optional<bool> isAudited) {
    return Response::json(
        HTTPResponse::HTTP_OK,
        textOf(jsonObject({{"outcome", std::string(outcome)},
                           {"revocation", objectOf(revocation)},
                           {"shared", status.stream ? Var(status.stream->unpublished == 0) : Var()},
                           {"audited", isAudited ? Var(*isAudited) : Var()}})));
}

Response notRevoked(const std::string& why) {
    return Response::error(HTTPResponse::HTTP_SERVICE_UNAVAILABLE, "not revoked: " + why);
}

}  // namespace

std::string revocationsReport(const std::vector<Revocation>& listed, std::size_t total) {
    Poco::JSON::Array all;
    for (const auto& revocation : listed)
        all.add(objectOf(revocation));
    return textOf(jsonObject({{"revocations", all}, {"total", std::uint64_t{total}}}));
}

Object revocationObject(const Revocations::Status& status) {
    return jsonObject({{"entries", std::uint64_t{status.list.entries}},
                       {"capacity", std::uint64_t{status.list.capacity}},
                       {"file", status.file},
                       {"fileFailure", status.fileFailure},
                       {"redis", redisOf(status)},
                       {"available", status.isAvailable}});
}

Response revocationResponse(const Revocations::Result& result, const Revocation& revocation,
                            const Revocations::Status& status, std::optional<bool> isAudited) {
    using Outcome = Revocations::Outcome;
    switch (result.outcome) {
        case Outcome::kept:
            return revoked("kept", revocation, status, isAudited);
        case Outcome::unchanged:
            return revoked("unchanged", revocation, status, isAudited);
        case Outcome::full:
            return notRevoked("there are " + std::to_string(status.list.capacity) +
                              " revocations already; raise revocation.entries and reload the settings");
        case Outcome::notWritten:
            return notRevoked(result.why);
        case Outcome::off:
            break;
    }
    return revocationIsOff();
}

Response revocationIsOff() {
    return Response::error(HTTPResponse::HTTP_CONFLICT,
                           "revocation is off; set revocation.file, revocation.redis or both, and reload the "
                           "settings");
}

}  // namespace changebank::daemon
