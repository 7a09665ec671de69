#include "changebank/security/guard/RefusalReporter.h"

#include <Poco/Net/HTTPServerResponse.h>

#include <string>
#include <utility>

#include "changebank/base/handler/RequestContext.h"

namespace changebank::security {

namespace {

class RefusalHandler : public Poco::Net::HTTPRequestHandler {
public:
    RefusalHandler(const Refusal& refusal, std::string challenge, std::string body)
        : _cause(refusal.cause),
          _challenge(std::move(challenge)),
          _body(std::move(body)),
          _retryAfter(refusal.retryAfter),
          _dpopNonce(refusal.dpopNonce),
          _rateLimitPolicy(refusal.rateLimitPolicy),
          _rateLimit(refusal.rateLimit) {}

    void handleRequest(Poco::Net::HTTPServerRequest&, Poco::Net::HTTPServerResponse& response) override {
        using Status = Poco::Net::HTTPResponse::HTTPStatus;
        const auto status = static_cast<Status>(traitsOf(_cause).status);
        response.setStatusAndReason(status);
        response.setContentType("application/json; charset=utf-8");
        response.set("Cache-Control", "no-store");
        if (!_challenge.empty()) response.set("WWW-Authenticate", _challenge);
        if (!_dpopNonce.empty()) response.set("DPoP-Nonce", _dpopNonce);
        if (status == Status::HTTP_SERVICE_UNAVAILABLE || status == Status::HTTP_TOO_MANY_REQUESTS)
            response.set("Retry-After", std::to_string(_retryAfter.count()));
        if (!_rateLimitPolicy.empty()) response.set("RateLimit-Policy", _rateLimitPolicy);
        if (!_rateLimit.empty()) response.set("RateLimit", _rateLimit);
        response.sendBuffer(_body.data(), _body.size());
    }

private:
    Cause _cause;
    std::string _challenge;
    std::string _body;
    std::chrono::seconds _retryAfter;
    std::string _dpopNonce;
    std::string _rateLimitPolicy;
    std::string _rateLimit;
};

/// Whether a token was refused, or the proof of its sender.
bool isTokenRefused(Cause cause) {
    const auto error = traitsOf(cause).challengeError;
    return error == "invalid_token" || error == "invalid_dpop_proof" || error == "use_dpop_nonce";
}

/// The body for every refused token with ErrorDetail::minimal.
constexpr std::string_view minimalBody = R"({"error":"invalid token","code":"ERR_INVALID_TOKEN"})";

}  // namespace

RefusalReporter::RefusalReporter(ErrorDetail detail, std::shared_ptr<RefusalCounters> counters,
                                 std::string realm)
    : _detail(detail),
      _counters(std::move(counters)),
      _realm(std::move(realm)),
      _challenge(Challenge::Parts{.realm = _realm}) {}

std::unique_ptr<Poco::Net::HTTPRequestHandler> RefusalReporter::createHandler(
    const Poco::Net::HTTPServerRequest& request, const Refusal& refusal, const Principal* principal,
    const Challenge* challenge, AuthenticationScheme used) {
    if (_counters) _counters->count(refusal.cause);
    if (const auto* context = RequestContext::of(request)) context->noteDenial(traitsOf(refusal.cause).name);
    refused(request, refusal, principal);
    auto body = _detail == ErrorDetail::minimal && isTokenRefused(refusal.cause) ? std::string(minimalBody)
                                                                                 : refusal.body();
    auto value = (challenge != nullptr ? *challenge : _challenge).valueFor(refusal.cause, used);
    return std::make_unique<RefusalHandler>(refusal, std::move(value), std::move(body));
}

void RefusalReporter::refused(const Poco::Net::HTTPServerRequest&, const Refusal&, const Principal*) {}

}  // namespace changebank::security
