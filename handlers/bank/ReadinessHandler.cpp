#include "changebank/handlers/bank/ReadinessHandler.h"

#include <Poco/Net/HTTPServerResponse.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "changebank/base/text/Json.h"
#include "changebank/handlers/routing/Response.h"
#include "changebank/security/refusal/Refusal.h"

namespace changebank::handlers {

using Poco::Net::HTTPResponse;

namespace {

using security::TrustedIssuer;
using Issuers = std::vector<TrustedIssuer>;

/// `,"issuers":{"default":"ready","ci":"ERR_JWKS_TIMEOUT"}`; nothing for a single issuer.
std::string stateOf(const Issuers& issuers) {
    if (issuers.size() == 1) return {};
    std::string state;
    for (const auto& issuer : issuers) {
        const auto snapshot = issuer.keys->current();
        state += state.empty() ? R"(,"issuers":{)" : ",";
        state += quoteJson(issuer.name) + ':' +
                 quoteJson(snapshot->keys ? "ready" : security::traitsOf(snapshot->cause).code);
    }
    return state + '}';
}

/// The first required issuer without keys; nullptr if there is none.
const TrustedIssuer* missingAmong(const Issuers& issuers, const std::vector<std::string>& required) {
    const auto isRequired = [&](const TrustedIssuer& issuer) {
        return std::find(required.begin(), required.end(), issuer.name) != required.end();
    };
    const auto missing = std::find_if(issuers.begin(), issuers.end(), [&](const auto& issuer) {
        return isRequired(issuer) && !issuer.keys->current()->keys;
    });
    return missing == issuers.end() ? nullptr : &*missing;
}

/// Why tokens cannot be judged, if so.
std::optional<security::Refusal> obstacle(const security::TokenValidator& validator,
                                          const std::vector<std::string>& required) {
    if (const auto* missing = missingAmong(validator.issuers(), required))
        return security::Refusal{missing->keys->current()->cause, {}, missing->keys->retryAfter()};
    if (validator.knowsRevocations()) return std::nullopt;
    return security::Refusal{
        security::Cause::revocationsUnavailable, {}, security::TokenValidator::revocationsRetryAfter};
}

Response readiness(const security::TokenValidator& validator, const std::vector<std::string>& required) {
    const auto refusal = obstacle(validator, required);
    auto body = refusal ? refusal->body() : R"({"status":"ready"})";
    body.insert(body.size() - 1, stateOf(validator.issuers()));
    if (!refusal) return Response::json(HTTPResponse::HTTP_OK, body);
    return Response::json(HTTPResponse::HTTP_SERVICE_UNAVAILABLE, body)
        .with("Retry-After", std::to_string(refusal->retryAfter.count()));
}

}  // namespace

ReadinessHandler::ReadinessHandler(std::shared_ptr<const security::TokenValidator> validator,
                                   std::shared_ptr<const std::vector<std::string>> required, bool isStopping)
    : _validator(std::move(validator)), _required(std::move(required)), _isStopping(isStopping) {}

void ReadinessHandler::handleRequest(Poco::Net::HTTPServerRequest&, Poco::Net::HTTPServerResponse& response) {
    auto ready = _isStopping
                     ? Response::error(HTTPResponse::HTTP_SERVICE_UNAVAILABLE, "the server is stopping")
                     : readiness(*_validator, *_required);
    std::move(ready).with("Cache-Control", "no-store").send(response);
}

}  // namespace changebank::handlers
