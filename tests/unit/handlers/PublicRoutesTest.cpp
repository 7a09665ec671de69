#include "handlers/PublicRoutes.h"

#include <boost/test/unit_test.hpp>

#include "handlers/AnswerHandler.h"
#include "tests/unit/handlers/FakeExchange.h"

using namespace changebank::handlers;
using Poco::Net::HTTPRequestHandler;
using Poco::Net::HTTPResponse;
using Poco::Net::HTTPServerRequest;

namespace {

Route::Maker answering(const std::string& body) {
    return [body](const auto&, const auto&) {
        return new AnswerHandler(Answer::json(HTTPResponse::HTTP_OK, body));
    };
}

class Guard : public Poco::Net::HTTPRequestHandlerFactory {
public:
    HTTPRequestHandler* createRequestHandler(const HTTPServerRequest&) override {
        return new AnswerHandler(Answer::json(HTTPResponse::HTTP_UNAUTHORIZED, "guard"));
    }
};

PublicRoutes routes() {
    const auto table = std::make_shared<const RouteTable>(std::vector<Route>{
        {"/open", {"GET"}, Everybody{}, answering("open")},
        {"/closed", {"GET"}, std::vector<std::string>{"teller"}, answering("closed")},
        {"/nobody", {"GET"}, std::vector<std::string>{}, answering("nobody")},
    });
    return {table, new Guard};
}

std::string answerTo(const std::string& method, const std::string& target) {
    FakeRequest request(method, target);
    const auto& answer = request.handledBy(routes().createRequestHandler(request));
    return std::to_string(answer.getStatus()) + " " + answer.body();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(PublicRoutesTest)

BOOST_AUTO_TEST_CASE(aPublicRouteNeedsNoGuard) {
    BOOST_TEST(answerTo("GET", "/open") == "200 open");
    BOOST_TEST(answerTo("HEAD", "/OPEN/?x") == "200 open");
    BOOST_TEST(answerTo("POST", "/open") == R"(405 {"error":"Method not allowed"})");
    BOOST_TEST(answerTo("OPTIONS", "/open") == "204 ");
}

BOOST_AUTO_TEST_CASE(everythingElseGoesToTheGuard) {
    for (const std::string target : {"/closed", "/CLOSED/", "/nobody", "/unknown", "//open", "/%6fpen",
                                     "/open;x", "/open//", "*", "", "/closed/../open"}) {
        for (const std::string method : {"GET", "POST", "OPTIONS", "HEAD", "BREW"}) {
            BOOST_TEST(answerTo(method, target) == "401 guard", method << " " << target << " got through");
        }
    }
}

BOOST_AUTO_TEST_CASE(theRouteIsNotedAndNeverThePath) {
    const auto routeOf = [](const std::string& target) {
        AnnotatedFakeRequest request("GET", target);
        request.handledBy(routes().createRequestHandler(request));
        return request.route;
    };
    BOOST_TEST(routeOf("/open?a") == "/open");
    BOOST_TEST(routeOf("/CLOSED/") == "/closed");
    BOOST_TEST(routeOf("/unknown") == unmatchedRoute);
    BOOST_TEST(routeOf("*") == unmatchedRoute);
}

BOOST_AUTO_TEST_SUITE_END()
