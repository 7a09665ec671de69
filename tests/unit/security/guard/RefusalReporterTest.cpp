#include "changebank/security/guard/RefusalReporter.h"

#include <Poco/Exception.h>

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "tests/unit/handlers/FakeExchange.h"

using namespace changebank;
using namespace changebank::security;
using changebank::handlers::ContextFakeRequest;
using changebank::handlers::FakeRequest;

namespace {

class RecordingReporter : public RefusalReporter {
public:
    using RefusalReporter::RefusalReporter;
    std::vector<std::string> calls;

protected:
    void refused(const Poco::Net::HTTPServerRequest& request, const Refusal& refusal,
                 const Principal* principal) override {
        calls.push_back(request.getURI() + " " + std::string(traitsOf(refusal.cause).name) + " " +
                        (principal ? principal->subject : "unknown"));
    }
};

struct Fixture {
    std::shared_ptr<RefusalCounters> counters = std::make_shared<RefusalCounters>();
    RecordingReporter reporter{ErrorDetail::detailed, counters};
    RefusalReporter minimal{ErrorDetail::minimal, counters};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(RefusalReporterTest, Fixture)

BOOST_AUTO_TEST_CASE(everyCauseIsSentWithItsStatusChallengeAndBody) {
    for (const auto& traits : allCauses()) {
        const Refusal refusal{traits.cause, "sub", std::chrono::seconds(7)};
        FakeRequest request("GET", "/");
        const auto& response = request.handledBy(reporter.createHandler(request, refusal, nullptr));
        BOOST_TEST(response.getStatus() == traits.status, traits.name);
        BOOST_TEST(response.body() == refusal.body(), traits.name);
        BOOST_TEST(response.getContentType() == "application/json; charset=utf-8", traits.name);
        BOOST_TEST(response.get("Cache-Control") == "no-store", traits.name);
        BOOST_TEST(response.get("WWW-Authenticate", "") == Challenge().valueFor(traits.cause), traits.name);
        const bool isForLater = traits.status == 429 || traits.status == 503;
        BOOST_TEST(response.get("Retry-After", "") == (isForLater ? "7" : ""), traits.name);
    }
}

BOOST_AUTO_TEST_CASE(aRefusalIsCountedOnceByItsCause) {
    FakeRequest request("GET", "/");
    reporter.createHandler(request, Refusal{Cause::expired}, nullptr);
    reporter.createHandler(request, Refusal{Cause::expired}, nullptr);
    minimal.createHandler(request, Refusal{Cause::roleMissing}, nullptr);
    BOOST_TEST(counters->of(Cause::expired) == 2U);
    BOOST_TEST(counters->of(Cause::roleMissing) == 1U);
    BOOST_TEST(counters->of(Cause::missingToken) == 0U);
}

BOOST_AUTO_TEST_CASE(aReporterWithoutCountersStillAnswers) {
    RefusalReporter uncounted(ErrorDetail::detailed, nullptr);
    FakeRequest request("GET", "/");
    BOOST_TEST(
        request.handledBy(uncounted.createHandler(request, Refusal{Cause::expired}, nullptr)).getStatus() ==
        401);
}

BOOST_AUTO_TEST_CASE(theCauseIsNotedForTheAccessLog) {
    const ContextFakeRequest request("GET", "/");
    minimal.createHandler(request, Refusal{Cause::signatureInvalid}, nullptr);
    BOOST_TEST(request.denial == "signature_invalid");
}

BOOST_AUTO_TEST_CASE(aSubclassHearsOfEachRefusalOnce) {
    FakeRequest request("GET", "/vault");
    Principal clerk;
    clerk.subject = "clerk";
    reporter.createHandler(request, Refusal{Cause::roleMissing}, &clerk);
    request.handledBy(reporter.createHandler(request, Refusal{Cause::missingToken}, nullptr));
    const std::vector<std::string> expected{"/vault role_missing clerk", "/vault missing_token unknown"};
    BOOST_TEST(reporter.calls == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(minimalDetailHidesWhyATokenWasRefusedAndNothingElse) {
    for (const auto& traits : allCauses()) {
        const Refusal refusal{traits.cause, "sub", std::chrono::seconds(7)};
        FakeRequest request("GET", "/");
        const auto& response = request.handledBy(minimal.createHandler(request, refusal, nullptr));
        const bool isTokenRefused = traits.challengeError == "invalid_token" ||
                                    traits.challengeError == "invalid_dpop_proof" ||
                                    traits.challengeError == "use_dpop_nonce";
        BOOST_TEST(
            response.body() ==
                (isTokenRefused ? R"({"error":"invalid token","code":"ERR_INVALID_TOKEN"})" : refusal.body()),
            traits.name);
        BOOST_TEST(response.getStatus() == traits.status, traits.name);
    }
}

BOOST_AUTO_TEST_CASE(aRouteHasAChallengeOfItsOwn) {
    const Challenge challenge(Challenge::Parts{.realm = "x", .scopes = {"a"}});
    FakeRequest request("GET", "/");
    const auto& response =
        request.handledBy(reporter.createHandler(request, Refusal{Cause::expired}, nullptr, &challenge));
    BOOST_TEST(response.get("WWW-Authenticate") == R"(Bearer realm="x", error="invalid_token", scope="a")");
}

// RFC 9449 section 9: exactly one, whatever else was set.
BOOST_AUTO_TEST_CASE(aRefusalBringsItsNonce) {
    const Challenge challenge(Challenge::Parts{.dpopAlgorithms = {"ES256"}});
    FakeRequest request("GET", "/");
    request.response().set("DPoP-Nonce", "old");
    const Refusal refusal{.cause = Cause::dpopNonceMissing, .dpopNonce = "new"};
    const auto& response = request.handledBy(
        reporter.createHandler(request, refusal, nullptr, &challenge, AuthenticationScheme::dpop));
    BOOST_TEST(response.get("DPoP-Nonce") == "new");
    BOOST_TEST(response.get("WWW-Authenticate") ==
               R"(Bearer realm="changebank", DPoP realm="changebank", algs="ES256", error="use_dpop_nonce")");
}

BOOST_AUTO_TEST_CASE(whoAsksTooOftenLearnsWhenToAskAgain) {
    FakeRequest request("GET", "/");
    const Refusal refusal{Cause::dpopTooMany, {}, std::chrono::seconds(7)};
    const auto& response = request.handledBy(reporter.createHandler(request, refusal, nullptr));
    BOOST_TEST(response.getStatus() == 429);
    BOOST_TEST(response.get("Retry-After") == "7");
    BOOST_TEST(!response.has("WWW-Authenticate"));
    BOOST_TEST(!response.has("RateLimit"));
    BOOST_TEST(!response.has("RateLimit-Policy"));
}

BOOST_AUTO_TEST_CASE(whoIsBeyondALimitLearnsWhatItIs) {
    FakeRequest request("GET", "/");
    const Refusal refusal{.cause = Cause::subjectRateExceeded,
                          .retryAfter = std::chrono::seconds(3),
                          .rateLimitPolicy = R"("subject";q=5;w=1)",
                          .rateLimit = R"("subject";r=0;t=3)"};
    const auto& response = request.handledBy(reporter.createHandler(request, refusal, nullptr));
    BOOST_TEST(response.getStatus() == 429);
    BOOST_TEST(response.get("Retry-After") == "3");
    BOOST_TEST(response.get("RateLimit-Policy") == R"("subject";q=5;w=1)");
    BOOST_TEST(response.get("RateLimit") == R"("subject";r=0;t=3)");
}

BOOST_AUTO_TEST_CASE(challengesNameTheRealm) {
    RefusalReporter shop(ErrorDetail::detailed, counters, "a shop");
    FakeRequest request("GET", "/");
    const auto& response = request.handledBy(shop.createHandler(request, Refusal{Cause::expired}, nullptr));
    BOOST_TEST(response.get("WWW-Authenticate") == R"(Bearer realm="a shop", error="invalid_token")");
    BOOST_CHECK_THROW(RefusalReporter(ErrorDetail::detailed, counters, "a \"shop\""),
                      Poco::InvalidArgumentException);
}

BOOST_AUTO_TEST_SUITE_END()
