#include "handlers/ProtectedRoutes.h"

#include <boost/test/unit_test.hpp>

#include "handlers/AnswerHandler.h"
#include "tests/unit/handlers/FakeExchange.h"
#include "tests/unit/handlers/RecordingTrail.h"

using namespace changebank::handlers;
using changebank::security::ErrorDetail;
using changebank::security::Principal;
using changebank::security::RefusalCounters;
using changebank::security::RefusalReporter;
using Poco::Net::HTTPResponse;

namespace {

/// A request of a caller with one role, after it was answered.
class Exchange {
public:
    Exchange(const std::string& method, const std::string& target, const std::string& role)
        : _request(method, target) {
        const auto reporter =
            std::make_shared<RefusalReporter>(ErrorDetail::detailed, std::make_shared<RefusalCounters>());
        const auto table = std::make_shared<const RouteTable>(std::vector<Route>{
            {"/open", {"GET"}, Everybody{}, sayingWho()},
            {"/vault", {"POST"}, std::vector<std::string>{"teller", "manager"}, sayingWho()},
            {"/me", {"GET"}, AnyPrincipal{}, sayingWho()},
            {"/nobody", {"GET"}, std::vector<std::string>{}, sayingWho()},
        });
        Principal principal;
        principal.subject = "somebody";
        principal.roles = {role};
        ProtectedRoutes routes(table, reporter, _trail);
        _request.handledBy(
            routes.createRequestHandler(_request, std::make_shared<const Principal>(principal)));
    }

    int status() const { return _request.answer().getStatus(); }
    std::string header(const std::string& name) const { return _request.answer().get(name, ""); }
    std::string body() const { return _request.answer().body(); }
    const std::string& trail() const { return _trail->text; }

private:
    static Route::Maker sayingWho() {
        return [](const auto&, const std::shared_ptr<const Principal>& principal) {
            return new AnswerHandler(Answer::json(HTTPResponse::HTTP_OK, principal->subject));
        };
    }

    FakeRequest _request;
    std::shared_ptr<RecordingTrail> _trail = std::make_shared<RecordingTrail>();
};

}  // namespace

BOOST_AUTO_TEST_SUITE(ProtectedRoutesTest)

BOOST_AUTO_TEST_CASE(refusedRolesAndNothingElseAreWrittenDown) {
    const Exchange refused("POST", "/vault", "customer");
    BOOST_TEST(refused.status() == 403);
    BOOST_TEST(refused.trail() == "role_refused somebody POST\n");
    BOOST_TEST(Exchange("POST", "/vault", "teller").trail() == "");
    BOOST_TEST(Exchange("GET", "/vault", "customer").trail() == "");
    BOOST_TEST(Exchange("GET", "/unknown", "customer").trail() == "");
}

BOOST_AUTO_TEST_CASE(aRouteForAnyPrincipalAsksForNoRole) {
    BOOST_TEST(Exchange("GET", "/me", "").status() == 200);
    BOOST_TEST(Exchange("GET", "/me", "stranger").body() == "somebody");
    BOOST_TEST(Exchange("GET", "/me", "stranger").header("Cache-Control") == "no-store");
    BOOST_TEST(Exchange("POST", "/me", "teller").status() == 405);
}

BOOST_AUTO_TEST_CASE(anyOfTheRolesLetsThrough) {
    BOOST_TEST(Exchange("POST", "/vault", "teller").status() == 200);
    BOOST_TEST(Exchange("POST", "/vault", "manager").status() == 200);
    BOOST_TEST(Exchange("POST", "/Vault/", "teller").body() == "somebody");
}

BOOST_AUTO_TEST_CASE(anotherRoleIsForbidden) {
    const Exchange exchange("POST", "/vault", "customer");
    BOOST_TEST(exchange.status() == 403);
    BOOST_TEST(exchange.body() == R"({"error":"You do not have a role with permissions to do this."})");
    BOOST_TEST(exchange.header("WWW-Authenticate") ==
               R"(Bearer realm="changebank", error="insufficient_scope")");
}

BOOST_AUTO_TEST_CASE(anEmptyListOfRolesLetsNobodyThrough) {
    BOOST_TEST(Exchange("GET", "/nobody", "teller").status() == 403);
}

BOOST_AUTO_TEST_CASE(anUnknownPathIsNotFoundWhateverTheRole) {
    const Exchange exchange("GET", "/safe", "customer");
    BOOST_TEST(exchange.status() == 404);
    BOOST_TEST(exchange.body() == R"({"error":"Not found"})");
}

BOOST_AUTO_TEST_CASE(theMethodIsJudgedBeforeTheRole) {
    const Exchange exchange("GET", "/vault", "customer");
    BOOST_TEST(exchange.status() == 405);
    BOOST_TEST(exchange.header("Allow") == "POST, OPTIONS");
    BOOST_TEST(exchange.body() == R"({"error":"Method not allowed"})");
    BOOST_TEST(Exchange("OPTIONS", "/vault", "customer").status() == 204);
}

BOOST_AUTO_TEST_CASE(noAnswerIsStored) {
    for (const std::string target : {"/vault", "/safe"}) {
        for (const std::string method : {"GET", "POST", "OPTIONS"}) {
            for (const std::string role : {"teller", "customer"}) {
                BOOST_TEST(Exchange(method, target, role).header("Cache-Control") == "no-store");
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
