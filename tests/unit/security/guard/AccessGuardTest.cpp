#include "changebank/security/guard/AccessGuard.h"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "changebank/base/handler/BlockingRequestHandler.h"
#include "tests/support/ManualClock.h"
#include "tests/unit/handlers/FakeExchange.h"
#include "tests/unit/security/guard/GreetingFactory.h"

using namespace changebank;
using namespace changebank::security;
using changebank::handlers::FakeRequest;
using changebank::handlers::FakeResponse;
using changebank::tests::GreetingFactory;
using changebank::tests::ManualClock;
using namespace std::chrono_literals;

namespace {

/// Notes whom it recorded, and whether a response had been sent by then.
class RecordingTrail : public AuditTrail {
public:
    std::optional<Event> admitRefusal(const Principal&) noexcept override { return admitted; }
    bool record(Event event, const Poco::Net::HTTPServerRequest& request,
                const Principal& principal) noexcept override {
        lines.push_back(std::string(event == Event::roleRefused ? "refused " : "other ") + principal.subject +
                        (request.response().sent() ? " after" : " before"));
        return !fails;
    }

    std::vector<std::string> lines;
    bool fails = false;
    std::optional<Event> admitted = Event::roleRefused;
};

std::shared_ptr<const Principal> caller(std::vector<std::string> roles) {
    Principal principal;
    principal.subject = "dana";
    principal.roles = std::move(roles);
    return std::make_shared<const Principal>(std::move(principal));
}

struct Fixture {
    std::unique_ptr<Poco::Net::HTTPRequestHandler> handlerFor(std::vector<std::string> wanted,
                                                              std::vector<std::string> roles) {
        AccessGuard guard(anyRole(std::move(wanted)), next, reporter, audit);
        return guard.createRequestHandler(request, caller(std::move(roles)));
    }

    const FakeResponse& responseTo(const AccessRule& rule, const Principal& principal,
                                   Challenge::Ptr challenge = nullptr) {
        AccessGuard guard(rule, next, reporter, audit, std::move(challenge), clock);
        return request.handledBy(
            guard.createRequestHandler(request, std::make_shared<const Principal>(principal)));
    }

    std::shared_ptr<GreetingFactory> next = std::make_shared<GreetingFactory>();
    std::shared_ptr<RefusalCounters> counters = std::make_shared<RefusalCounters>();
    RefusalReporter::Ptr reporter = std::make_shared<RefusalReporter>(ErrorDetail::detailed, counters);
    std::shared_ptr<RecordingTrail> trail = std::make_shared<RecordingTrail>();
    AuditTrail::Ptr audit = trail;
    FakeRequest request{"POST", "/vault"};
    ManualClock clock;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(AccessGuardTest, Fixture)

BOOST_AUTO_TEST_CASE(anyWantedRoleOpens) {
    const auto& response = request.handledBy(handlerFor({"teller", "manager"}, {"guest", "manager"}));
    BOOST_TEST(response.getStatus() == 200);
    BOOST_TEST(response.body() == "hello dana");
    BOOST_TEST(trail->lines.empty());
    BOOST_TEST(counters->of(Cause::roleMissing) == 0U);
}

BOOST_AUTO_TEST_CASE(aCallerWithoutAWantedRoleIsDenied) {
    for (const auto& roles :
         std::vector<std::vector<std::string>>{{}, {"guest"}, {"Teller"}, {"teller "}, {""}})
        BOOST_TEST(request.handledBy(handlerFor({"teller"}, roles)).getStatus() == 403);
    BOOST_TEST(request.sentResponse().get("WWW-Authenticate") ==
               R"(Bearer realm="changebank", error="insufficient_scope")");
    BOOST_TEST(next->made == 0);
    BOOST_TEST(counters->of(Cause::roleMissing) == 5U);
}

BOOST_AUTO_TEST_CASE(anEmptyListOpensToNobody) {
    BOOST_TEST(request.handledBy(handlerFor({}, {"teller"})).getStatus() == 403);
    BOOST_TEST(next->made == 0);
}

BOOST_AUTO_TEST_CASE(aBlockingHandlerRecordsADenialBeforeItResponds) {
    auto handler = handlerFor({"teller"}, {"guest"});
    BOOST_TEST(dynamic_cast<BlockingRequestHandler*>(handler.get()) != nullptr);
    BOOST_TEST(trail->lines.empty());
    BOOST_TEST(request.handledBy(std::move(handler)).getStatus() == 403);
    BOOST_REQUIRE(trail->lines.size() == 1U);
    BOOST_TEST(trail->lines[0] == "refused dana before");
}

BOOST_AUTO_TEST_CASE(aTrailThatFailsChangesNothingForTheCaller) {
    trail->fails = true;
    const auto& response = request.handledBy(handlerFor({"teller"}, {"guest"}));
    BOOST_TEST(response.getStatus() == 403);
    BOOST_TEST(response.body() == Refusal{Cause::roleMissing}.body());
}

BOOST_AUTO_TEST_CASE(aDenialThatTheTrailDoesNotAdmitNeedNotWait) {
    trail->admitted = std::nullopt;
    auto handler = handlerFor({"teller"}, {"guest"});
    BOOST_TEST(dynamic_cast<BlockingRequestHandler*>(handler.get()) == nullptr);
    BOOST_TEST(request.handledBy(std::move(handler)).getStatus() == 403);
    BOOST_TEST(trail->lines.empty());
    BOOST_TEST(counters->of(Cause::roleMissing) == 1U);
}

BOOST_AUTO_TEST_CASE(theTrailSaysWhichEventIsRecorded) {
    trail->admitted = AuditTrail::Event::refusalsLimited;
    request.handledBy(handlerFor({"teller"}, {"guest"}));
    BOOST_REQUIRE(trail->lines.size() == 1U);
    BOOST_TEST(trail->lines[0] == "other dana before");
}

BOOST_AUTO_TEST_CASE(denialsDoNotTakeTheThreadsThatAreReserved) {
    const auto handler = handlerFor({"teller"}, {"guest"});
    BOOST_TEST((dynamic_cast<BlockingRequestHandler&>(*handler).capacity() ==
                BlockingRequestHandler::Capacity::shared));
}

BOOST_AUTO_TEST_CASE(withoutATrailADenialNeedNotWait) {
    audit = nullptr;
    auto handler = handlerFor({"teller"}, {"guest"});
    BOOST_TEST(dynamic_cast<BlockingRequestHandler*>(handler.get()) == nullptr);
    BOOST_TEST(request.handledBy(std::move(handler)).getStatus() == 403);
}

BOOST_AUTO_TEST_CASE(missingScopesAndPermissionsAreDeniedAndRecorded) {
    Principal principal;
    principal.subject = "dana";
    const auto& response = responseTo(allScopes({"a", "b"}), principal);
    BOOST_TEST(response.getStatus() == 403);
    BOOST_TEST(response.get("WWW-Authenticate") ==
               R"(Bearer realm="changebank", error="insufficient_scope", scope="a b")");
    BOOST_TEST(response.body() == R"({"error":"the token does not have the scopes that this needs",)"
                                  R"("code":"ERR_INSUFFICIENT_SCOPE"})");
    responseTo(allPermissions({"p"}), principal);
    BOOST_TEST((trail->lines == std::vector<std::string>{"refused dana before", "refused dana after"}));
    BOOST_TEST(counters->of(Cause::scopeMissing) == 1U);
    BOOST_TEST(counters->of(Cause::permissionMissing) == 1U);
}

BOOST_AUTO_TEST_CASE(anAuthenticationThatDoesNotSufficeIsA401AndNotRecorded) {
    Principal principal;
    principal.authenticatedAt = 1'790'000'000 - 300;
    const auto rule = anyPrincipal().maxAge(5min).acr({"urn:mfa", "phr"});
    principal.authenticationClass = "phr";
    BOOST_TEST(responseTo(rule, principal).getStatus() == 200);
    clock.advance(1s);
    const auto& response = responseTo(rule, principal);
    BOOST_TEST(response.getStatus() == 401);
    BOOST_TEST(response.get("WWW-Authenticate") ==
               R"(Bearer realm="changebank", error="insufficient_user_authentication", max_age="300", )"
               R"(acr_values="urn:mfa phr")");
    BOOST_TEST(trail->lines.empty());
    BOOST_TEST(counters->of(Cause::insufficientAuthentication) == 1U);
}

BOOST_AUTO_TEST_CASE(aRouteHasAChallengeOfItsOwn) {
    const auto challenge =
        allScopes({"a"}).challenge({.realm = "a shop", .resourceMetadata = "https://shop.example/m"});
    BOOST_TEST(responseTo(allScopes({"a"}), {}, challenge).get("WWW-Authenticate") ==
               R"(Bearer realm="a shop", error="insufficient_scope", scope="a", )"
               R"(resource_metadata="https://shop.example/m")");
}

BOOST_AUTO_TEST_SUITE_END()
