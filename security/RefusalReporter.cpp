#include "security/RefusalReporter.h"

#include <Poco/Net/HTTPServerResponse.h>

#include <string>
#include <utility>

#include "security/Challenge.h"
#include "security/RequestAnnotations.h"

namespace changebank::security {

namespace {

class RefusalHandler : public Poco::Net::HTTPRequestHandler {
public:
    RefusalHandler(Refusal refusal, std::string body, std::chrono::seconds retryAfter)
        : _refusal(std::move(refusal)), _body(std::move(body)), _retryAfter(retryAfter) {}

    void handleRequest(Poco::Net::HTTPServerRequest&, Poco::Net::HTTPServerResponse& response) override {
        using Status = Poco::Net::HTTPResponse::HTTPStatus;
        response.setStatusAndReason(static_cast<Status>(traitsOf(_refusal.cause).status));
        response.setContentType("application/json; charset=utf-8");
        response.set("Cache-Control", "no-store");
        if (const auto challenge = challengeFor(_refusal); !challenge.empty()) {
            response.set("WWW-Authenticate", challenge);
        }
        if (isOurFault(_refusal.cause)) response.set("Retry-After", std::to_string(_retryAfter.count()));
        response.sendBuffer(_body.data(), _body.size());
    }

private:
    Refusal _refusal;
    std::string _body;
    std::chrono::seconds _retryAfter;
};

/// What everybody is told whose token was refused, where the operator wants no detail.
constexpr std::string_view minimalBody = R"({"error":"invalid token","code":"ERR_INVALID_TOKEN"})";

}  // namespace

RefusalReporter::RefusalReporter(ErrorDetail detail, std::shared_ptr<RefusalCounters> counters)
    : _detail(detail), _counters(std::move(counters)) {}

Poco::Net::HTTPRequestHandler* RefusalReporter::createHandler(const Poco::Net::HTTPServerRequest& request,
                                                              Refusal refusal, const Principal* principal,
                                                              std::chrono::seconds retryAfter) {
    if (_counters) _counters->count(refusal.cause);
    if (const auto* annotations = RequestAnnotations::of(request)) annotations->noteRefusal(refusal.cause);
    refused(request, refusal, principal);
    const bool isTokenRefused = traitsOf(refusal.cause).challengeError == "invalid_token";
    auto body = _detail == ErrorDetail::minimal && isTokenRefused ? std::string(minimalBody) : refusal.body();
    return new RefusalHandler(std::move(refusal), std::move(body), retryAfter);
}

void RefusalReporter::refused(const Poco::Net::HTTPServerRequest&, const Refusal&, const Principal*) {}

}  // namespace changebank::security
